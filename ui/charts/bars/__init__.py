"""Bars, dots and whiskers in rows."""
