"""Figures of organisations and registers: what passes without noise, and by which rule."""
