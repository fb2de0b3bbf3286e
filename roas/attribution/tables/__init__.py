"""Tables of paths, and journeys with one touch per column → distinct paths."""
