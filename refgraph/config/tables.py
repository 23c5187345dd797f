"""Tables of settings in the one shape that the rest of refgraph expects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def flatten_columns(columns: Mapping[str, Any]) -> dict[str, Any]:
    """``table.field`` -> value, from ``"referrals.referrer" = "alter"`` and nested tables."""
    flat = {name: value for name, value in columns.items() if not isinstance(value, dict)}
    for table, headers in columns.items():
        if isinstance(headers, dict):
            flat |= {f"{table}.{field}": header for field, header in headers.items()}
    return flat


def list_spellings(table: Mapping[str, Any]) -> dict[str, list[str]]:
    """Word -> list of spellings; a single one may stand without a list."""
    return {word: [one] if isinstance(one, str) else list(one) for word, one in table.items()}
