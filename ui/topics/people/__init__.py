"""TODO ui/topics/people."""
