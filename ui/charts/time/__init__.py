"""Values over time, as lines and small panels."""
