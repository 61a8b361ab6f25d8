"""Drawings of the page initiatives."""
