"""Maps: outlines filled by classes, drawn without a network."""
