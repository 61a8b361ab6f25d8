"""Known places and nationalities, by the names that files use."""
