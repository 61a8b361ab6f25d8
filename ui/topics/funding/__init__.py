"""Drawings of the page funding."""
