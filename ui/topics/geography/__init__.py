"""Drawings of the page geography."""
