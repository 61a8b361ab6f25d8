"""A published table from a paper, through our statistics, on a terminal: to check us against anybody.

Reads the file it is given and nothing else: no release, no catalog, no page.
"""
