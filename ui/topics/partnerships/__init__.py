"""Drawings of the page partnerships."""
