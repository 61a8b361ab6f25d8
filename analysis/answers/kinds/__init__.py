"""TODO analysis/answers/kinds."""
