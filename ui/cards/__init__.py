"""TODO ui/cards."""
