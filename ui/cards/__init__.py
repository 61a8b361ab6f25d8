"""The card kit: what stands round every figure."""
