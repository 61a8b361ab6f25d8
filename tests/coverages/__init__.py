"""Whether what a page shows with an interval holds the truth after the protection: truth, door, page."""
