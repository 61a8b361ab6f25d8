"""Drawings of the page methods."""
