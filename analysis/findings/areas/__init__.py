"""Where: areas beside the region, bands, and where a low count may be low reporting."""
