"""TODO ui/topics/explore."""
