"""TODO analysis/exports/formats."""
