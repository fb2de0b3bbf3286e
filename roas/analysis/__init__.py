"""From what a person named to one frozen record, and its JSON."""
