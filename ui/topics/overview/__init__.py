"""Drawings of the Overview: its first sentences, tiles, one line a topic, early warnings."""
