"""Commands that keep, check and bring back what a home holds."""
