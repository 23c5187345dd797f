"""Dates that may stand for an unknown day: 1970-01-01, or one that most rows share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from refgraph.model.dataset import get_schema

PLACEHOLDERS = (
    *(date(1, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(1900, 1, 2)),
    *(date(1904, 1, 1), date(1970, 1, 1), date(2099, 12, 31), date(9999, 12, 31)),
)
"""Days that programs write for an empty cell or a zero."""
MIN_SHARED = 10
"""Cells of one day that are looked at, and more than half of the filled ones."""
_SPREAD_COLUMNS = {
    "customers": ("joined", "left", "lost_at", "entered_at", "adviser_since"),
    "referrals": ("at",),
    "contacts": ("since",),
}
"""Columns in which the days of a company spread; orders and events of one day are usual."""


def count_suspicious_dates(
    frames: Mapping[str, pl.DataFrame | None],
) -> list[tuple[str, int]]:
    """A remark per column and day, with the number of cells: ``placeholder-date``, ``shared-date``.

    frames: table name -> its accepted rows, None = the data lack it.
    """
    found = []
    for table, frame in frames.items():
        if frame is None or not frame.height:
            continue
        dates = [name for name, dtype in get_schema(table).items() if dtype == pl.Date]
        for name in dates:
            is_spread = name in _SPREAD_COLUMNS.get(table, ())
            for code, day, cells in _inspect(frame[name].drop_nulls(), is_spread):
                found.append((f"{code} {table}.{name}: {day.isoformat()}", cells))
    return found


def _inspect(days: pl.Series, is_spread: bool) -> list[tuple[str, date, int]]:
    """Code, day and number of cells of each day that may stand for an unknown one."""
    is_placeholder = days.is_in(list(PLACEHOLDERS))
    found = []
    if is_placeholder.any():
        counts = days.filter(is_placeholder).value_counts(name="cells").sort(days.name)
        found = [("placeholder-date", day, cells) for day, cells in counts.iter_rows()]
    rest = days.filter(~is_placeholder) if found else days
    if is_spread and rest.len() >= MIN_SHARED:
        day, cells = rest.value_counts(name="cells").sort("cells", days.name).row(-1)
        if cells >= MIN_SHARED and cells > rest.len() / 2:
            found.append(("shared-date", day, cells))
    return found
