"""Findings that only one topic makes: what it compares, and what it chooses to say."""
