"""Drawings of the page explore."""
