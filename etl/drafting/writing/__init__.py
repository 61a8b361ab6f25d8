"""How a draft is written down as a mapping."""
