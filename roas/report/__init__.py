"""Words and pictures made of one analysis; nothing is computed here but sentences."""
