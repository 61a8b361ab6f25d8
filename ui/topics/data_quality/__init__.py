"""Drawings of the page data quality."""
