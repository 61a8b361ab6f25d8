"""Writes, checks and swaps in the release file."""
