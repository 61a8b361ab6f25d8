"""What a table's columns hold: contracts, and the check of rows against them."""
