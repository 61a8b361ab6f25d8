"""Series: counts in order of time, and what changed in them."""
