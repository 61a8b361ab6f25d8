"""How many people nobody has listed: multiple-systems estimation from overlapping lists of persons."""
