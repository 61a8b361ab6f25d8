"""TODO ui/topics/reporting."""
