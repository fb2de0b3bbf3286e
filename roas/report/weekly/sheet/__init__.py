"""The sheets of the week's workbook, and the book that they are written in."""
