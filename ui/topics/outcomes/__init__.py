"""TODO ui/topics/outcomes."""
