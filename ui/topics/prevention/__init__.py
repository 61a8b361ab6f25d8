"""Drawings of the page prevention."""
