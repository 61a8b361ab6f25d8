"""TODO ui/topics/pathway."""
