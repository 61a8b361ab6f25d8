"""What published figures mean: comparisons, and the sentences that say them."""
