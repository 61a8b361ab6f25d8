"""TODO analysis/answers/rows."""
