"""How likely each customer leaves within 12 months, learned from those who left (M53)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from refgraph.estimates.ridge_logit import ChanceModel, fit_chance
from refgraph.measures.calendar import YEAR_DAYS
from refgraph.measures.components import label_components
from refgraph.measures.leaving_signs import (
    LeavingSigns,
    SignReader,
    build_columns,
    find_last_day,
)
from refgraph.measures.retention_spells import find_first_leaving
from refgraph.model.graph import Bools, Floats, Graph, Longs

MIN_LEAVERS, MIN_TEST_LEAVERS = 20, 5
"""Leavers to learn from, and to try the ranking on."""
MAX_YEARS, MAX_CUSTOMERS, SEED = 5, 100_000, 53
"""Years to learn from, and customers at most; of more, this many are drawn with a fixed seed."""


@dataclass(frozen=True)
class BackTest:
    """The ranking of a year ago, tried on who left since then.

    leavers: how many left of the customers ranked. found: how many of them were among the first
    tenth; found_alone: by the same model without the neighbors. customers: ranked.
    """

    customers: int
    leavers: int
    found: int
    found_alone: int


@dataclass(frozen=True, eq=False)
class LeavingModel:
    """chance, low, high: float64[m], of the customers asked about. leavers, years: learned from."""

    chance: Floats
    low: Floats
    high: Floats
    leavers: int
    years: int
    with_orders: bool
    test: BackTest | None


@dataclass(frozen=True, eq=False)
class _Year:
    """Customers on the first day of a year, and who of them left within it."""

    signs: LeavingSigns
    has_left: Bools
    tree: Longs


def fit_leaving(graph: Graph, reader: SignReader, signs: LeavingSigns) -> LeavingModel | None:
    """The chance of leaving of customers with these signs today; None if fewer than `MIN_LEAVERS`
    are recorded.
    """
    with_orders = True
    years = _list_years(graph, reader, needs_orders=True) if signs.has_orders else []
    if _count_leavers(years) < MIN_LEAVERS:
        years, with_orders = _list_years(graph, reader, needs_orders=False), False
    if _count_leavers(years) < MIN_LEAVERS:
        return None
    today = signs if with_orders else _drop_orders(signs)
    model = _fit(years, with_neighbors=True)
    chance, low, high = model.predict(build_columns(today))
    test = _test(years)
    return LeavingModel(chance, low, high, _count_leavers(years), len(years), with_orders, test)


def _list_years(graph: Graph, reader: SignReader, *, needs_orders: bool) -> list[_Year]:
    """The last years that were watched from their first day, earliest first."""
    last, first_leaving = find_last_day(graph), find_first_leaving(graph, reader.membership)
    if last is None or first_leaving is None:
        return []
    begin = first_leaving - 1
    if needs_orders:
        first_day = reader.find_first_day()
        begin = max(begin, first_day) if first_day is not None else last
    drawn = _draw_customers(graph)
    years = []
    for k in range(MAX_YEARS, 0, -1):
        day = last - k * YEAR_DAYS
        if day < begin:
            continue
        present = reader.list_present(day)
        present = present if drawn is None else present[drawn[present]]
        if not len(present):
            continue
        signs = reader.read(present, day)
        has_left = reader.membership.left[present] <= day + YEAR_DAYS
        tree = label_components(graph)[present].astype(np.int64)
        years.append(_Year(signs if needs_orders else _drop_orders(signs), has_left, tree))
    return years


def _draw_customers(graph: Graph) -> Bools | None:
    """bool[n]: the customers to learn from; None for all."""
    customers = np.flatnonzero(graph.customers)
    if len(customers) <= MAX_CUSTOMERS:
        return None
    is_drawn = np.zeros(len(graph), np.bool_)
    dice = np.random.default_rng(SEED)
    is_drawn[dice.choice(customers, MAX_CUSTOMERS, replace=False)] = True
    return is_drawn


def _drop_orders(signs: LeavingSigns) -> LeavingSigns:
    unknown = np.full(len(signs.customer), np.nan)
    return replace(signs, silent=unknown, usual=unknown, recent=unknown, earlier=unknown)


def _count_leavers(years: list[_Year]) -> int:
    return sum(int(year.has_left.sum()) for year in years)


def _fit(years: list[_Year], *, with_neighbors: bool) -> ChanceModel:
    columns = [build_columns(year.signs, with_neighbors=with_neighbors) for year in years]
    event = np.concatenate([year.has_left for year in years])
    tree = np.concatenate([year.tree for year in years])
    return fit_chance(np.concatenate(columns), event, tree)


def _test(years: list[_Year]) -> BackTest | None:
    """Learn from all years but the last, and rank the customers at the start of that one."""
    *earlier, last = years
    leavers = int(last.has_left.sum())
    if _count_leavers(earlier) < MIN_LEAVERS or leavers < MIN_TEST_LEAVERS:
        return None
    top = -(-len(last.has_left) // 10)
    found = []
    for with_neighbors in (True, False):
        model = _fit(earlier, with_neighbors=with_neighbors)
        chance = model.predict(build_columns(last.signs, with_neighbors=with_neighbors))[0]
        first = np.argsort(-chance, kind="stable")[:top]
        found.append(int(last.has_left[first].sum()))
    return BackTest(len(last.has_left), leavers, found[0], found[1])
