"""TODO ui/topics/funding."""
