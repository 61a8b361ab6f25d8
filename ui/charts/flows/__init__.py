"""What flows from one step or organisation to the next."""
