"""Drawings of the page gaps."""
