"""Drawings of the page outcomes."""
