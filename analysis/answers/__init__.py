"""TODO analysis/answers."""
