"""Drawings of the course of a series: its levels, and what would follow."""
