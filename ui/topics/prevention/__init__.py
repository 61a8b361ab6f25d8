"""TODO ui/topics/prevention."""
