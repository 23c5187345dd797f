"""How sure: intervals, exact chances and summaries, as pure functions on numbers and numpy arrays."""
