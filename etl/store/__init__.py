"""The warehouse: built aside, swapped in, one writer at a time."""
