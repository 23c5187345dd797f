"""Customer-years: one row per customer and year of the relation that the orders cover fully."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from refgraph.estimates.comparison import Comparison
from refgraph.measures.calendar import MIN_DAY, YEAR_DAYS, compute_membership, to_day_numbers
from refgraph.measures.gap_outcomes import find_order_window
from refgraph.model.graph import Bools, Graph, Longs

YEARS = 5
"""Years of the relation that are compared."""


@dataclass(frozen=True, eq=False)
class RelationYears:
    """data: one row per customer and year, in the cluster of its tree. year: int64, 1..`YEARS`, of
    each row. is_seen: bool[customers], those with any such year.
    """

    data: Comparison
    year: Longs
    is_seen: Bools


def stack_years(graph: Graph, data: Comparison, rows: Longs) -> RelationYears | None:
    """The value in each year of the relation of the customers ``rows`` of ``data``.

    A year counts if the orders cover it whole and the customer was present at its start. None if no
    dated orders make up the value.
    """
    window, basis = find_order_window(graph), graph.value.basis
    if window is None or graph.orders is None or not graph.has(f"orders.{basis}"):
        return None
    membership = compute_membership(graph)
    joined, left = membership.joined[rows], membership.left[rows]
    place_of = np.full(len(graph), -1, np.int64)
    place_of[rows] = np.arange(len(rows))
    place = place_of[graph.orders["customer"].to_numpy()]
    days = to_day_numbers(graph.orders["at"], MIN_DAY) - joined[place]
    year = days // YEAR_DAYS
    is_used = (place >= 0) & (days >= 0) & (year < YEARS) & (joined[place] > MIN_DAY)
    amounts = graph.orders[basis].fill_null(0.0).to_numpy()[is_used]
    cell = place[is_used] * YEARS + year[is_used]
    sums = np.bincount(cell, weights=amounts, minlength=len(rows) * YEARS)
    value = sums.astype(np.float64).reshape(-1, YEARS)
    start = joined[:, None] + np.arange(YEARS) * YEAR_DAYS
    is_seen = (start >= window[0]) & (start + YEAR_DAYS <= window[1] + 1)
    is_seen &= (left[:, None] > start) & (joined[:, None] > MIN_DAY)
    row, column = np.nonzero(is_seen)
    chosen = replace(
        data,
        y=value[row, column],
        referred=data.referred[row],
        size=None if data.size is None else data.size[row],
        factors=tuple(factor[row] for factor in data.factors),
        cluster=data.cluster[row],
        party=rows[row],
        scale="difference" if bool((value[row, column] < 0).any()) else "ratio",
    )
    return RelationYears(chosen, column.astype(np.int64) + 1, np.asarray(is_seen.any(axis=1)))
