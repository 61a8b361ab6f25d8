"""Drawings that only one topic has."""
