"""TODO ui/app."""
