"""What stands beside the data of a package: measures, filters, sources, terms, and lines that read it."""
