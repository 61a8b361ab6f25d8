"""TODO ui/topics/geography."""
