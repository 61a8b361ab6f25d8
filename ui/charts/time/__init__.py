"""TODO ui/charts/time."""
