"""Drawings of the page Trends: any measure over time, areas against the region, years and months."""
