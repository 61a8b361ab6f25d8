"""Drawings of the page enforcement."""
