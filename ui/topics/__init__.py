"""TODO ui/topics."""
