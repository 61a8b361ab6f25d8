"""Records to protected cells: keys, grouping sets, noise, threshold."""
