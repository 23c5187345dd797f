"""Customers from joining to leaving, cut where their referrer leaves, for `retention` (M27)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from refgraph.measures.calendar import (
    MAX_DAY,
    MIN_DAY,
    YEAR,
    Membership,
    compute_first_membership,
    to_day_number,
)
from refgraph.measures.components import label_components
from refgraph.measures.customer_size import CustomerSize
from refgraph.measures.gap_comparison import classify_referred
from refgraph.measures.referral_status import mark_arcs_of_kinds
from refgraph.model.graph import Bools, Floats, Graph, Ints, Longs

LEAD_DAYS = 365
"""A customer whose referrer will leave within these days is the placebo: nothing has happened yet.
"""
CUTS = (-LEAD_DAYS, 0, 182, 365, 730)
"""Days since the referrer left at which the state changes."""
OTHERS, ACTIVE, LEAD = "stay-others", "stay-active", "stay-lead"
GONE = ("stay-gone-0-6", "stay-gone-6-12", "stay-gone-12-24", "stay-gone-24+")
STATES = (OTHERS, ACTIVE, LEAD, *GONE)
"""Not referred; referrer a customer; it will leave within 12 months; months since it left."""


@dataclass(frozen=True, eq=False, kw_only=True)
class RetentionSpells:
    """One row per customer and state, m rows.

    customer int64[m]: its index. state int64[m]: of `STATES`. start, stop float64[m]: days since
    joining. event bool[m]: left at stop. covariates float64[m] each: the year of joining, and the
    log of the size if known. cluster int64[m]: its tree. begin, end: first and last day of the
    follow-up, in days since 1970-01-01.

    late: left out because every referral came after joining; unplaced: because no customer is
    known as the referrer; undated: because the joining date is unknown; unsized: the size is.
    """

    customer: Longs
    state: Longs
    start: Floats
    stop: Floats
    event: Bools
    covariates: tuple[Floats, ...]
    cluster: Longs
    begin: int
    end: int
    late: int = 0
    unplaced: int = 0
    undated: int = 0
    unsized: int = 0


Intervals = list[tuple[Longs, int, Longs, Longs]]
"""Rows of the followed customers, the state, and the days after which and until which it lasts."""


def build_spells(graph: Graph, size: CustomerSize) -> RetentionSpells | None:
    """The spells of all customers; None without dates, or if nobody is recorded as having left.

    Follow-up begins with ``--since``, else on the day of the first leaving recorded: who left
    before cannot be in the data. It ends 12 months before the as-of day, since a state looks ahead.
    """
    membership = compute_first_membership(graph)
    if graph.as_of is None or find_first_leaving(graph, membership) is None:
        return None
    status = classify_referred(graph)
    referrer_left = find_referrer_left(graph, membership.left)
    is_dated = membership.joined > MIN_DAY
    is_placed = ~status.is_referred | (referrer_left > MIN_DAY)
    used = graph.customers & is_dated & ~status.is_late & is_placed
    rows = np.flatnonzero(used & mark_sized(graph, size))
    gone = np.where(status.is_referred[rows], referrer_left[rows], MAX_DAY)
    spells = cut_spells(graph, size, rows, _list_intervals(gone, status.is_referred[rows]))
    return replace(
        spells,
        late=int((graph.customers & status.is_late).sum()),
        unplaced=int((graph.customers & is_dated & ~status.is_late & ~is_placed).sum()),
        undated=int((graph.customers & ~is_dated).sum()),
        unsized=int(used.sum()) - len(rows),
    )


def find_first_leaving(graph: Graph, membership: Membership) -> int | None:
    """The day of the first leaving recorded, in days since 1970-01-01; None if there is none."""
    has_left = graph.customers & (membership.left < MAX_DAY)
    return int(membership.left[has_left].min()) if has_left.any() else None


def mark_sized(graph: Graph, size: CustomerSize) -> Bools:
    """bool[n]: of known size; everybody if no size is recorded."""
    return ~np.isnan(size.log) if size.name else np.ones(len(graph), np.bool_)


def cut_spells(
    graph: Graph, size: CustomerSize, rows: Longs, intervals: Intervals
) -> RetentionSpells:
    """The spells of some customers in the intervals of their states, within the follow-up."""
    membership = compute_first_membership(graph)
    first_leaving = find_first_leaving(graph, membership)
    assert graph.as_of is not None and first_leaving is not None
    begin = first_leaving - 1
    if graph.scope.since:
        begin = to_day_number(graph.scope.since) - 1
    end = to_day_number(graph.as_of) - LEAD_DAYS
    joined, left = membership.joined[rows], membership.left[rows]
    parts = []
    for place, state, first, last in intervals:
        start = np.maximum(np.maximum(first, begin), joined[place] - 1)
        stop = np.minimum(np.minimum(last, end), left[place])
        kept = np.flatnonzero(stop > start)
        parts.append((place[kept], np.full(len(kept), state), start[kept], stop[kept]))
    columns = (np.concatenate(column).astype(np.int64) for column in zip(*parts, strict=True))
    place, states, start, stop = columns
    sizes = (size.log[rows][place],) if size.name else ()
    return RetentionSpells(
        customer=rows[place],
        state=states,
        start=(start - joined[place]).astype(np.float64),
        stop=(stop - joined[place]).astype(np.float64),
        event=left[place] == stop,
        covariates=((joined[place] / YEAR).astype(np.float64), *sizes),
        cluster=label_components(graph)[rows[place]].astype(np.int64),
        begin=begin,
        end=end,
    )


def find_referrer_left(graph: Graph, left: Longs) -> Longs:
    """int64[n]: the day on which the last of a party's referrers left, `MAX_DAY` if one stays.

    `MIN_DAY` if no customer referred it: a party that is no customer cannot leave. Referrals later
    than joining do not count.
    """
    referrer, referred = list_timely_referrals(graph)
    is_customer = graph.customers[referrer]
    latest = np.full(len(graph), MIN_DAY, np.int64)
    np.maximum.at(latest, referred[is_customer], left[referrer[is_customer]])
    return latest


def list_timely_referrals(graph: Graph) -> tuple[Ints, Ints]:
    """Referrer and referred of each referral that is not later than joining, int32[m]."""
    kinds = ("customer", *graph.scope.count)
    arcs = graph.arcs.filter(pl.Series(mark_arcs_of_kinds(graph, kinds), dtype=pl.Boolean))
    is_late = (arcs["at"] > graph.parties["since"].gather(arcs["referred"])).fill_null(False)
    arcs = arcs.filter(~is_late)
    return arcs["referrer"].to_numpy(), arcs["referred"].to_numpy()


def _list_intervals(gone: Longs, is_referred: Bools) -> Intervals:
    """Of each of `STATES`, the days after which it begins and on which it ends, for each customer;
    an end before the beginning for who is never in it. gone: the day the referrer left.
    """
    everyone = np.arange(len(gone))
    never = np.full(len(gone), MIN_DAY, np.int64)
    always = np.full(len(gone), MAX_DAY, np.int64)
    intervals = [(everyone, 0, never, np.where(is_referred, never, always))]
    borders = [never, *(np.where(gone == MAX_DAY, MAX_DAY, gone + cut) for cut in CUTS), always]
    for state, (first, last) in enumerate(zip(borders, borders[1:], strict=False), 1):
        intervals.append((everyone, state, first, np.where(is_referred, last, never)))
    return intervals
