"""Commands that write a file to begin with: an empty workbook, made-up rows."""
