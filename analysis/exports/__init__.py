"""TODO analysis/exports."""
