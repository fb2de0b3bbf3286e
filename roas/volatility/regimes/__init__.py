"""Calm or turbulent: shocks, and how large the next may be."""
