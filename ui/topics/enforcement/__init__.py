"""TODO ui/topics/enforcement."""
