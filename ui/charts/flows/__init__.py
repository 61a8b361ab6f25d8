"""TODO ui/charts/flows."""
