"""The value columns of `growth`: value by year, its referred share, and earned growth (M9)."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

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
from refgraph.model.tally import Quantity, Tally, Term

VALUE_COLUMNS = ("value", "referred_value", "value_share")
EARNED_COLUMNS = (
    "retention",
    "earned_new",
    "earned_growth",
    "earned_growth_low",
    "earned_growth_high",
)
"""In the order of the fields of `EarnedGrowth`."""


class YearlySales(NamedTuple):
    """The orders of customers in the window by year. customer int64[m], by member."""

    orders: Members
    customer: Longs
    quantity: Quantity


def _group_sales(graph: Graph, years: Longs) -> YearlySales | None:
    """The sales of each year; None without dated value."""
    if graph.orders is None or not calendar.has_dated_value(graph):
        return None
    sold = calendar.select_sales(graph)
    amount, is_recorded = measure_cells(graph.orders[graph.value.basis])
    scaled, scale = to_exact_integers(amount.scaled[sold["row"].to_numpy()])
    by_order = np.zeros(graph.orders.height)
    by_order[sold["row"].to_numpy()] = scaled
    year = sold["at"].dt.year().cast(pl.Int64).to_numpy()
    number = np.where((year >= years[0]) & (year <= years[-1]), year - years[0], -1)
    orders = Members("orders", number, len(years), sold["row"].to_numpy())
    customer = sold["customer"].cast(pl.Int64).to_numpy()
    return YearlySales(orders, customer, Quantity(scaled=by_order, scale=scale))


def tally_sales(graph: Graph, years: Longs) -> dict[str, Tally]:
    """`VALUE_COLUMNS` by year; unknown in a year without any sales."""
    sales = _group_sales(graph, years)
    if sales is None:
        return {name: make_unknown(len(years)) for name in VALUE_COLUMNS}
    orders, customer, quantity = sales
    referred = is_referred(graph, ("customer", *graph.scope.count))
    is_sold = orders.count().numbers > 0
    value = orders.add_up(quantity)
    referred_value = orders.add_up(quantity, referred[customer])
    return {
        "value": value.keep_known(is_sold),
        "referred_value": referred_value.keep_known(is_sold),
        "value_share": compute_ratio(referred_value, value).keep_known(is_sold),
    }


def tally_earned_growth(graph: Graph, years: Longs) -> dict[str, Tally]:
    """`EARNED_COLUMNS` by year; unknown unless orders cover it and the year before.

    retention: what those who bought in the year before bought / all sales of the year before;
    earned_new: what new referred customers bought / the same; the growth is their sum less 1.
    """
    sales, yearly = _group_sales(graph, years), calendar.compute_sales(graph)
    if sales is None or yearly is None:
        return {name: make_unknown(len(years)) for name in EARNED_COLUMNS}
    referred = is_referred(graph, ("customer", *graph.scope.count))
    earned = [_compute_earned_growth(graph, yearly, year, referred) for year in years.tolist()]
    figures = dict(zip(EARNED_COLUMNS, np.array(earned).T, strict=True))
    kept, gained, before = _list_earned_terms(graph, sales, referred)
    base = replace(before, role="denominator")
    less = replace(before, weight=-np.ones(len(sales.customer)))
    terms = {
        "retention": (kept, base),
        "earned_new": (gained, base),
        "earned_growth": (kept, gained, less, base),
    }
    rest: tuple[Term, ...] = (kept, gained, before)
    return {
        name: Tally(
            method="ratio" if name in terms else "inputs",
            numbers=numbers,
            terms=terms.get(name, rest),
        )
        for name, numbers in figures.items()
    }


def _list_earned_terms(graph: Graph, sales: YearlySales, referred: Bools) -> tuple[Term, ...]:
    """The orders of a year by who bought in the year before, and by the new referred; and all
    orders of the year before.
    """
    orders, customer, quantity = sales
    joining_year = to_calendar_years(calendar.compute_membership(graph).joined)
    assert graph.orders is not None and orders.row is not None
    year = graph.orders["at"].dt.year().cast(pl.Int64).fill_null(0).to_numpy()[orders.row]
    pairs = np.unique(customer * 10_000 + year)
    has_bought = np.isin(customer * 10_000 + year - 1, pairs)
    is_gained = ~has_bought & (joining_year[customer] == year) & referred[customer]
    next_year = np.where(orders.group >= 0, orders.group + 1, -1)
    next_year = np.where(next_year < orders.groups, next_year, -1)
    before = Members("orders", next_year, orders.groups, orders.row)
    kept, gained = (
        Term(members=orders, mask=mask, quantity=quantity, role="numerator")
        for mask in (has_bought, is_gained)
    )
    return kept, gained, Term(members=before, quantity=quantity, role="numerator")


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
