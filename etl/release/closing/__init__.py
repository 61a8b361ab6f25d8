"""Which months are closed, frozen, waiting or revised."""
