"""TODO analysis/findings."""
