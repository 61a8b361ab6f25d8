"""Drawings of the page about one area: its figures beside the region's."""
