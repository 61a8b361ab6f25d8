"""Drawings of the Overview: four sentences, tiles, and one line a topic."""
