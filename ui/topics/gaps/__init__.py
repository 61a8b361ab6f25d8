"""TODO ui/topics/gaps."""
