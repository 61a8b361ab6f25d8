"""TODO analysis/questions."""
