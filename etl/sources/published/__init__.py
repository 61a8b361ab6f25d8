"""Counts that others publish: FBI, UK NRM, US hotline."""
