"""TODO ui/charts/bars."""
