"""Drawings of the page people."""
