"""TODO analysis/catalog."""
