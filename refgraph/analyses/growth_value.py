"""The value columns of `growth`: value by year, its referred share, and earned growth (M9)."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.estimates.earned_growth import EarnedGrowth, compute_earned_growth
from refgraph.graph.value import to_exact_integers
from refgraph.measures import calendar
from refgraph.measures.calendar import Sales, to_calendar_years
from refgraph.measures.members import Members
from refgraph.measures.own_cells import measure_cells
from refgraph.measures.referral_status import is_referred
from refgraph.measures.tallies import compute_ratio, make_unknown
from refgraph.model.graph import Bools, Graph, Longs
from refgraph.model.tally import Quantity, Tally

VALUE_COLUMNS = ("value", "referred_value", "value_share")
EARNED_COLUMNS = (
    "retention",
    "earned_new",
    "earned_growth",
    "earned_growth_low",
    "earned_growth_high",
)
"""In the order of the fields of `EarnedGrowth`."""


def tally_sales(graph: Graph, years: Longs) -> dict[str, Tally]:
    """`VALUE_COLUMNS` by year; unknown in a year without any sales."""
    if graph.orders is None or not calendar.has_dated_value(graph):
        return {name: make_unknown(len(years)) for name in VALUE_COLUMNS}
    sold = calendar.select_sales(graph)
    amount, is_recorded = measure_cells(graph.orders[graph.value.basis])
    scaled, scale = to_exact_integers(amount.scaled[sold["row"].to_numpy()])
    by_order = np.zeros(graph.orders.height)
    by_order[sold["row"].to_numpy()] = scaled
    year = sold["at"].dt.year().cast(pl.Int64).to_numpy()
    number = np.where((year >= years[0]) & (year <= years[-1]), year - years[0], -1)
    orders = Members("orders", number, len(years), sold["row"].to_numpy())
    quantity = Quantity(scaled=by_order, scale=scale)
    referred = is_referred(graph, ("customer", *graph.scope.count))
    is_sold = orders.count().numbers > 0
    value = orders.add_up(quantity)
    referred_value = orders.add_up(quantity, referred[sold["customer"].to_numpy()])
    return {
        "value": value.keep_known(is_sold),
        "referred_value": referred_value.keep_known(is_sold),
        "value_share": compute_ratio(referred_value, value).keep_known(is_sold),
    }


def compute_earned_columns(graph: Graph, years: Longs) -> dict[str, object]:
    """`EARNED_COLUMNS` by year; nan or None where unknown."""
    sales = calendar.compute_sales(graph)
    if sales is None:
        return {name: [None] * len(years) for name in EARNED_COLUMNS}
    referred = is_referred(graph, ("customer", *graph.scope.count))
    earned = [_compute_earned_growth(graph, sales, year, referred) for year in years.tolist()]
    return dict(zip(EARNED_COLUMNS, np.array(earned).T, strict=True))


def _compute_earned_growth(graph: Graph, sales: Sales, year: int, referred: Bools) -> EarnedGrowth:
    """Earned growth of a year; all nan unless orders cover it and the year before.

    New customers are those with their first contract in the year.
    """
    if not has_earned_growth(graph, year):
        return EarnedGrowth(*[float("nan")] * 5)
    before, after = np.zeros(len(graph)), np.zeros(len(graph))
    has_bought_before = np.zeros(len(graph), bool)
    customer, amount = sales.select_year(year - 1)
    before[customer] = amount
    has_bought_before[customer] = True
    customer, amount = sales.select_year(year)
    after[customer] = amount
    joining_year = to_calendar_years(calendar.compute_membership(graph).joined)
    is_new = (joining_year == year) & ~has_bought_before
    return compute_earned_growth(before, after, has_bought_before, is_new & referred)


def has_earned_growth(graph: Graph, year: int) -> bool:
    """Whether orders cover the year and the year before."""
    return calendar.is_year_covered(graph, year - 1) and calendar.is_year_covered(graph, year)


def join_years(years: list[int]) -> list[str]:
    """Increasing years, each run of consecutive ones as its first and last.

    >>> join_years([2019, 2021, 2022, 2023])
    ['2019', '2021–2023']
    """
    runs = np.split(np.array(years), np.flatnonzero(np.diff(years) > 1) + 1)
    return [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
