"""TODO ui/charts/timelines."""
