"""The files that its agencies would send."""
