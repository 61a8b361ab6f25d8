"""Statistics of series: tables with a row a period."""
