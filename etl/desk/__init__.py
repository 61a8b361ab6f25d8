"""The keeper's desk: from a sheet of one's own to a release, in a browser on this machine alone.

serve       starts it: its own process, loopback, a key in the first address
app         the frame: seven steps, each with its state, one shown
engine      runs the commands of ``python -m etl`` and shows what they refuse in their own words
state       what is open in one session: the copy of a file, and the mapping for it
steps       one module a step

It has no way of its own to read, to check or to write: whatever it does, a command does.
"""
