"""From checked questions to published numbers: one plan a kind, one look-up a page."""
