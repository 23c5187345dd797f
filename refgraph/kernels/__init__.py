"""ARRAYS -> ARRAYS: compiled functions on numpy arrays; no names, no tables."""
