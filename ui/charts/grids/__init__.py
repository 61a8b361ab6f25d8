"""TODO ui/charts/grids."""
