"""Opens a release, guards it, and says what it holds."""
