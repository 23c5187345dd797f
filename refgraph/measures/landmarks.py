"""Quarterly landmarks: who makes a first referral in a quarter, and similar customers (M30)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refgraph.measures.calendar import (
    MAX_DAY,
    MIN_DAY,
    YEAR_DAYS,
    Membership,
    compute_first_membership,
    list_period_starts,
    to_day_numbers,
)
from refgraph.measures.gap_outcomes import find_order_window
from refgraph.measures.order_sums import OrderSums
from refgraph.model.graph import Bools, Floats, Graph, Longs

CONTROLS, SEED = 20, 30


@dataclass(frozen=True, eq=False, kw_only=True)
class Landmarks:
    """One row per customer and quarter: int64[m] customer, quarter (first day), float64[m] weight.

    is_treated: bool[m], whether it made its first referral in the quarter; the others did not by
    its end. before, earlier, after: float64[m], value of the 12 months before the quarter, of the
    12 before these, and of the 12 after its end. tenure: years at the start of the quarter. leaves:
    bool[m], whether it left within 12 months of its end. Each
    treated customer has up to `CONTROLS` others, drawn with a fixed seed and weighted, so that they
    stand for all others. undated: customers left out because a referral of theirs has no date.
    """

    customer: Longs
    quarter: Longs
    weight: Floats
    is_treated: Bools
    before: Floats
    earlier: Floats
    after: Floats
    tenure: Floats
    leaves: Bools
    undated: int


def list_landmarks(graph: Graph) -> Landmarks | None:
    """All landmarks that the orders allow; None without dated orders of the value basis."""
    window, basis = find_order_window(graph), graph.value.basis
    if window is None or graph.orders is None or not graph.has(f"orders.{basis}"):
        return None
    first_referral, is_undated = _find_first_referrals(graph)
    membership = compute_first_membership(graph)
    is_followed = graph.customers & (membership.joined > MIN_DAY) & ~is_undated
    dice = np.random.default_rng(SEED)
    parts = []
    for start, end in _list_quarters(window):
        is_eligible = is_followed & (membership.joined + YEAR_DAYS <= start)
        is_eligible &= (membership.left > end) & (first_referral >= start)
        treated = np.flatnonzero(is_eligible & (first_referral < end))
        others = np.flatnonzero(is_eligible & (first_referral >= end))
        drawn = min(len(others), CONTROLS * len(treated))
        if not drawn:
            continue
        chosen = np.sort(dice.choice(others, drawn, replace=False))
        parts.append((start, end, treated, chosen, len(others) / drawn))
    return _build(graph, parts, membership, int((is_undated & graph.customers).sum()))


def _find_first_referrals(graph: Graph) -> tuple[Longs, Bools]:
    """Day of the first counted referral of each party, `MAX_DAY` if none; who has undated ones."""
    first = np.full(len(graph), MAX_DAY, np.int64)
    arcs = graph.counted_arcs
    np.minimum.at(first, arcs["referrer"].to_numpy(), to_day_numbers(arcs["at"], MAX_DAY))
    is_undated = np.zeros(len(graph), np.bool_)
    is_undated[arcs["referrer"].filter(arcs["at"].is_null()).to_numpy()] = True
    return first, is_undated


def _list_quarters(window: tuple[int, int]) -> list[tuple[int, int]]:
    """First day and the day after the last of each quarter with 24 months of orders before it and
    12 after.
    """
    quarters = []
    days = list_period_starts(*window, months=3)
    for start, end in zip(days, days[1:], strict=False):
        if start - 2 * YEAR_DAYS >= window[0] and end + YEAR_DAYS <= window[1] + 1:
            quarters.append((start, end))
    return quarters


Part = tuple[int, int, Longs, Longs, float]


def _build(graph: Graph, parts: list[Part], membership: Membership, undated: int) -> Landmarks:
    """The rows of all quarters: treated, then the others drawn."""
    customers = [np.concatenate([treated, chosen]) for _, _, treated, chosen, _ in parts]
    sizes = [len(rows) for rows in customers]
    customer = np.concatenate(customers) if parts else np.empty(0, np.int64)
    start = np.repeat([part[0] for part in parts], sizes).astype(np.int64)
    end = np.repeat([part[1] for part in parts], sizes).astype(np.int64)
    weights = [np.r_[np.ones(len(t)), np.full(len(c), w)] for _, _, t, c, w in parts]
    marks = [np.r_[np.ones(len(t), bool), np.zeros(len(c), bool)] for _, _, t, c, _ in parts]
    sums = OrderSums(graph)
    return Landmarks(
        customer=customer,
        quarter=start,
        weight=np.concatenate(weights) if parts else np.empty(0),
        is_treated=np.concatenate(marks) if parts else np.empty(0, np.bool_),
        before=sums.sum_between(customer, start - YEAR_DAYS, start),
        earlier=sums.sum_between(customer, start - 2 * YEAR_DAYS, start - YEAR_DAYS),
        after=sums.sum_between(customer, end, end + YEAR_DAYS),
        tenure=(start - membership.joined[customer]) / YEAR_DAYS,
        leaves=membership.left[customer] <= end + YEAR_DAYS,
        undated=undated,
    )
