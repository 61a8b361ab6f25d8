"""What every page is given: its view, its controls, its line in the registry, and the empty states."""
