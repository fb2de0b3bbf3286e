"""What if: money moved between channels, what that changes, and the best split inside limits."""
