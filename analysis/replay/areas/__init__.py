"""Statistics of areas: tables with a row an area."""
