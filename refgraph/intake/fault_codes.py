"""The code of the fault of a cell, and what was decided about a column."""

from __future__ import annotations

import polars as pl

Remarks = tuple[tuple[str, int], ...]
"""Code of what was decided or repaired, and how many cells it concerns."""


def no_fault() -> pl.Expr:
    """A null code."""
    return pl.lit(None, pl.String)


def make_fault_code(*cases: tuple[pl.Expr, str]) -> pl.Expr:
    """The code of the first case whose condition holds, else null."""
    code = no_fault()
    for condition, name in reversed(cases):
        code = pl.when(condition).then(pl.lit(name)).otherwise(code)
    return code


def make_clean_codes(text: pl.Series) -> pl.Series:
    """No fault in any cell of a column."""
    return pl.repeat(None, len(text), dtype=pl.String, eager=True)


def find_filled(text: pl.Series) -> pl.Series:
    """Whether each cell holds more than spaces; false for null."""
    return (text.str.strip_chars().str.len_bytes() > 0).fill_null(False)
