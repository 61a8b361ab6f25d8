"""Charts for paper: the same figures, drawn as vectors without a browser."""
