"""What went wrong: causes, what each needs, and what can be said of it."""
