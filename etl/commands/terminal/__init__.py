"""What a person types and reads: arguments that commands share, and their words."""
