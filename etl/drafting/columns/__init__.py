"""Which column of a sheet is which of a table: by its name, by its cells, and by what its heading asks."""
