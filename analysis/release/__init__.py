"""TODO analysis/release."""
