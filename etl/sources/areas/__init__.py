"""Boundaries, populations and names of areas."""
