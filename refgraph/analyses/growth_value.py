"""The value columns of `growth`: value by year, its referred share, and earned growth (M9)."""

from __future__ import annotations

import numpy as np

from refgraph.estimates.earned_growth import EarnedGrowth, compute_earned_growth
from refgraph.measures import calendar
from refgraph.measures.calendar import Sales, to_calendar_years
from refgraph.measures.referral_status import is_referred
from refgraph.model.graph import Bools, Floats, Graph, Longs

VALUE_COLUMNS = ("value", "referred_value", "value_share")
EARNED_COLUMNS = (
    "retention",
    "earned_new",
    "earned_growth",
    "earned_growth_low",
    "earned_growth_high",
)
"""In the order of the fields of `EarnedGrowth`."""


def compute_value_columns(graph: Graph, years: Longs) -> dict[str, object]:
    """`VALUE_COLUMNS` and `EARNED_COLUMNS` by year; nan or None where unknown."""
    sales = calendar.compute_sales(graph)
    if sales is None:
        return {name: [None] * len(years) for name in (*VALUE_COLUMNS, *EARNED_COLUMNS)}
    referred = is_referred(graph, ("customer", *graph.scope.count))
    total = _sum_by_year(sales, years, np.ones(len(graph), bool))
    referred_total = _sum_by_year(sales, years, referred)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(total > 0, referred_total / total, np.nan)
    earned = [_compute_earned_growth(graph, sales, year, referred) for year in years.tolist()]
    return {
        "value": total / sales.scale,
        "referred_value": referred_total / sales.scale,
        "value_share": share,
        **dict(zip(EARNED_COLUMNS, np.array(earned).T, strict=True)),
    }


def _sum_by_year(sales: Sales, years: Longs, mask: Bools) -> Floats:
    """Scaled sales of the customers in the mask; nan for a year without any sales."""
    sums = np.full(len(years), np.nan)
    for index, year in enumerate(years.tolist()):
        customer, amount = sales.in_year(year)
        if len(customer):
            sums[index] = amount[mask[customer]].sum()
    return sums


def _compute_earned_growth(graph: Graph, sales: Sales, year: int, referred: Bools) -> EarnedGrowth:
    """Earned growth of a year; all nan unless orders cover it and the year before.

    New customers are those with their first contract in the year.
    """
    if not has_earned_growth(graph, year):
        return EarnedGrowth(*[float("nan")] * 5)
    before, after = np.zeros(len(graph)), np.zeros(len(graph))
    has_bought_before = np.zeros(len(graph), bool)
    customer, amount = sales.in_year(year - 1)
    before[customer] = amount
    has_bought_before[customer] = True
    customer, amount = sales.in_year(year)
    after[customer] = amount
    joining_year = to_calendar_years(calendar.compute_membership(graph).joined)
    is_new = (joining_year == year) & ~has_bought_before
    return compute_earned_growth(before, after, has_bought_before, is_new & referred)


def has_earned_growth(graph: Graph, year: int) -> bool:
    """Whether orders cover the year and the year before."""
    return calendar.is_year_covered(graph, year - 1) and calendar.is_year_covered(graph, year)
