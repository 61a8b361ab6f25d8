"""Drawings of the page pathway."""
