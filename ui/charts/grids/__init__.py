"""Two dimensions together, as a grid of cells."""
