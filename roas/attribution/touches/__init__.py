"""Rows of touches → distinct paths: what each row is, sorted by an engine, folded in one pass."""
