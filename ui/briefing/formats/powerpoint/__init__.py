"""Slides with charts, maps and tables that can be edited."""
