"""Digests of values that are the same on every machine."""

from __future__ import annotations

import hashlib
import json

SIGNIFICANT_DIGITS = 11
"""The last bits of exp, log and matrix products depend on the processor."""


def round_floats(value: object) -> object:
    """A value with every float at eleven significant digits, in lists, tuples and dicts too."""
    if isinstance(value, float):
        return float(f"{value:.{SIGNIFICANT_DIGITS}g}")
    if isinstance(value, (list, tuple)):
        return [round_floats(item) for item in value]
    if isinstance(value, dict):
        return {key: round_floats(item) for key, item in value.items()}
    return value


def compute_digest(value: object) -> str:
    """The SHA-256 of a value in JSON, floats rounded."""
    rounded = round_floats(value)
    text = json.dumps(rounded, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
