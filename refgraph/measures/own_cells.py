"""Tallies that are a cell of one row: a date, or a number of the party itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from refgraph.measures.members import Members, number_parties
from refgraph.model.tally import Quantity, Tally


def tally_cells(column: pl.Series, members: Members | None = None) -> Tally:
    """The cell of each party, a number or a date; unknown where it is blank.

    members: rows of another table, grouped by party, where the column is one of that table; of
    several rows the least counts.
    """
    quantity, is_recorded = measure_cells(column)
    members = number_parties(len(column)) if members is None else members
    mask = is_recorded if members.row is None else is_recorded[members.row]
    cells = members.find_extreme("least", quantity, mask)
    return replace(cells, is_date=column.dtype == pl.Date)


def make_whole(tally: Tally) -> Tally:
    """Whole numbers, as int64."""
    is_known = np.isfinite(tally.numbers)
    numbers = np.where(is_known, tally.numbers, 0).astype(np.int64)
    return replace(tally, numbers=numbers).keep_known(is_known)


def measure_cells(column: pl.Series) -> tuple[Quantity, np.ndarray]:
    """The cells of a table as a quantity, dates in days since 1970-01-01; bool: recorded."""
    numbers = column.to_physical().cast(pl.Float64).fill_null(0.0).to_numpy()
    return Quantity(scaled=numbers), column.is_not_null().to_numpy()
