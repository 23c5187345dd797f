"""Helpers of the tests; README.md in tests/ says which to use when."""
