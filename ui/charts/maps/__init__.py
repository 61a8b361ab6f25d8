"""TODO ui/charts/maps."""
