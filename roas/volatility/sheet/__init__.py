"""The tear sheet: a channel as an investment."""
