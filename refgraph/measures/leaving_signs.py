"""Signs known on a given day that a customer may leave next (M53)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refgraph.measures.calendar import (
    GRACE_DAYS,
    MAX_DAY,
    MIN_DAY,
    YEAR,
    YEAR_DAYS,
    Membership,
    compute_first_membership,
    has_dated_value,
    to_day_number,
)
from refgraph.measures.gap_outcomes import find_order_window
from refgraph.measures.order_sums import OrderSums
from refgraph.measures.retention_spells import find_referrer_left, list_timely_referrals
from refgraph.model.graph import Bools, Floats, Graph, Longs

NEIGHBOR_DAYS = 730
"""A neighbor that left counts as a sign for two years."""
TENURE_YEARS = (1.0, 2.0, 5.0, 10.0)
"""Borders of the bands of tenure."""
USUAL_DAYS = 365.0
"""The usual interval between orders if nobody ordered twice."""


@dataclass(frozen=True, eq=False, kw_only=True)
class LeavingSigns:
    """One row per customer, m rows.

    customer int64[m]. day: in days since 1970-01-01. tenure float64[m]: years since joining, nan if
    unknown. silent, usual float64[m]: days since the last order, or since joining, and between
    orders; recent, earlier float64[m]: value of the last 12 months and of the 12 before; nan
    without orders. referrer_left, referred_left int64[m]: the day the last of its referrers left,
    and the latest day on which a customer it referred left within two years, `MAX_DAY` if none by
    then.
    """

    customer: Longs
    day: int
    tenure: Floats
    silent: Floats
    usual: Floats
    recent: Floats
    earlier: Floats
    referrer_left: Longs
    referred_left: Longs

    @property
    def has_orders(self) -> bool:
        """Whether there are orders to read signs from."""
        return bool(np.isfinite(self.silent).any())

    @property
    def silence(self) -> Floats:
        """Days since the last order / usual days between orders; nan without orders."""
        return self.silent / self.usual


class SignReader:
    """Reads the signs of the customers of a graph on any day."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.membership: Membership = compute_first_membership(graph)
        self._referrer_left = find_referrer_left(graph, self.membership.left)
        self._referrer, self._referred = list_timely_referrals(graph)
        self._sums = OrderSums(graph) if has_dated_value(graph) else None

    def find_first_day(self) -> int | None:
        """The first day on which orders cover the two years before; None without orders."""
        window = find_order_window(self._graph)
        if self._sums is None or window is None:
            return None
        return window[0] + 2 * YEAR_DAYS - GRACE_DAYS

    def list_present(self, day: int) -> Longs:
        """The customers on a day, after it joined <= day < left."""
        member = self.membership
        is_present = self._graph.customers & (member.joined <= day) & (member.left > day)
        return np.flatnonzero(is_present)

    def read(self, customer: Longs, day: int) -> LeavingSigns:
        """The signs of some customers on a day; nothing later is looked at."""
        joined = self.membership.joined[customer]
        known = joined > MIN_DAY
        tenure = np.where(known, (day - joined) / YEAR, np.nan)
        unknown = np.full(len(customer), np.nan)
        silent, usual, recent, earlier = unknown, unknown, unknown, unknown
        if self._sums is not None:
            silent, usual = self._read_rhythm(customer, day, joined)
            ends = [np.full(len(customer), day + 1 - k * YEAR_DAYS) for k in range(3)]
            recent = self._sums.sum_between(customer, ends[1], ends[0])
            earlier = self._sums.sum_between(customer, ends[2], ends[1])
        left = self._referrer_left[customer]
        has_lost = (left > MIN_DAY) & (left <= day)
        return LeavingSigns(
            customer=customer,
            day=day,
            tenure=tenure,
            silent=silent,
            usual=usual,
            recent=recent,
            earlier=earlier,
            referrer_left=np.where(has_lost, left, MAX_DAY),
            referred_left=self._find_referred_left(day)[customer],
        )

    def _read_rhythm(self, customer: Longs, day: int, joined: Longs) -> tuple[Floats, Floats]:
        """Days since the last order, and between orders; of one order, those of all customers."""
        assert self._sums is not None
        count, first, last = self._sums.count_until(customer, day)
        begin = np.where(count > 0, last, np.maximum(joined, self._get_first_order()))
        silent = (day - np.maximum(begin, MIN_DAY)).astype(np.float64)
        has_two = (count >= 2) & (last > first)
        own = (last - first)[has_two] / (count - 1)[has_two]
        typical = float(np.median(own)) if len(own) else USUAL_DAYS
        intervals = np.where(has_two, count - 1, 0)
        span = np.where(has_two, last - first, 0)
        return np.maximum(silent, 0.0), (span + typical) / (intervals + 1)

    def _get_first_order(self) -> int:
        window = find_order_window(self._graph)
        return window[0] if window else MIN_DAY

    def _find_referred_left(self, day: int) -> Longs:
        """int64[n]: the latest day up to ``day``, and not more than two years before it."""
        left = self.membership.left[self._referred]
        is_recent = (
            (left <= day) & (left > day - NEIGHBOR_DAYS) & self._graph.customers[self._referred]
        )
        latest = np.full(len(self._graph), MIN_DAY, np.int64)
        np.maximum.at(latest, self._referrer[is_recent], left[is_recent])
        return np.where(latest > MIN_DAY, latest, MAX_DAY)


def find_last_day(graph: Graph) -> int | None:
    """The as-of day in days since 1970-01-01; None without dates."""
    return to_day_number(graph.as_of) if graph.as_of else None


def build_columns(signs: LeavingSigns, *, with_neighbors: bool = True) -> Floats:
    """What a model of leaving looks at, float64 [m, p].

    Bands of tenure; without an order for how long, and whether less was bought, if there are
    orders; whether the referrer, or a customer it referred, has left.
    """
    band = np.searchsorted(TENURE_YEARS, np.nan_to_num(signs.tenure, nan=99.0), side="right")
    columns = [(band == k).astype(np.float64) for k in range(len(TENURE_YEARS))]
    if signs.has_orders:
        floor = 0.1 * (float(signs.recent.mean()) or 1.0)
        trend = np.log(
            (np.maximum(signs.recent, 0.0) + floor) / (np.maximum(signs.earlier, 0.0) + floor)
        )
        columns += [np.log1p(np.minimum(signs.silence, 20.0)), np.clip(trend, -3.0, 3.0)]
    if with_neighbors:
        columns.append((signs.referrer_left < MAX_DAY).astype(np.float64))
        columns.append((signs.referred_left < MAX_DAY).astype(np.float64))
    return np.column_stack(columns)


def mark_silent(signs: LeavingSigns) -> Bools:
    """bool[m]: without an order for more than twice the usual interval."""
    return np.nan_to_num(signs.silence) > 2.0


def mark_shrinking(signs: LeavingSigns) -> Bools:
    """bool[m]: bought less than half of what it bought in the 12 months before."""
    is_known = np.isfinite(signs.recent) & (np.nan_to_num(signs.tenure) >= 2.0)
    return is_known & (signs.earlier > 0.0) & (signs.recent < 0.5 * signs.earlier)
