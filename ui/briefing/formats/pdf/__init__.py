"""The report as Typst sets it, and what is done to its file afterwards."""
