"""HOW SURE: intervals, exact tests and summaries, as pure functions on numpy arrays."""
