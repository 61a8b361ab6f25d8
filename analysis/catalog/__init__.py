"""What is counted, by what, with which words: TOML read once into frozen objects."""
