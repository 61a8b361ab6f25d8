"""TODO ui/topics/methods."""
