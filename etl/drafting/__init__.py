"""Drafts a mapping for a file: which column is which, which word is which code, how dates are written.

A draft is a suggestion that a person reads. What is not certain stands in it as a comment, and a mapping is
judged by the same reader, contract and checks as any other.
"""
