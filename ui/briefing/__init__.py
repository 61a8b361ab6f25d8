"""Briefings that leave the building: slides of cards, presented, and as files."""
