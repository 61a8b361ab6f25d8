"""TODO ui/topics/partnerships."""
