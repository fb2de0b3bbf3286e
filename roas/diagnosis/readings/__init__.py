"""Wider questions about the account, each answered by one measured figure."""
