"""Drawings of the page reporting."""
