"""Pure statistics: arrays in, arrays out. No files, no screen, no release; each function names its source."""
