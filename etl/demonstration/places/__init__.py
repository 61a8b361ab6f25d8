"""The made-up region: areas, population, outlines, laws."""
