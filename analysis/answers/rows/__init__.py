"""The one look-up, and the rows it brings, as arrays."""
