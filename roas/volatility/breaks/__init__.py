"""Since when: dates at which a series changed."""
