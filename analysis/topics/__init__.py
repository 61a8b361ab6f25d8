"""TODO analysis/topics."""
