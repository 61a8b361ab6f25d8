"""TODO ui/maps."""
