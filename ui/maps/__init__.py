"""Outlines, insets, levels and pooling of areas."""
