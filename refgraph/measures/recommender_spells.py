"""Recommenders from joining to leaving, cut where customers that they referred leave (M51)."""

from __future__ import annotations

import numpy as np

from refgraph.measures.calendar import MAX_DAY, MIN_DAY, compute_first_membership
from refgraph.measures.customer_size import CustomerSize
from refgraph.measures.retention_spells import (
    CUTS,
    GONE,
    LEAD_DAYS,
    STATES,
    Intervals,
    RetentionSpells,
    cut_spells,
    find_first_leaving,
    list_timely_referrals,
    mark_sized,
)
from refgraph.model.graph import Graph, Longs

ACTIVE_STATE, LEAD_STATE, FIRST_GONE = 1, 2, STATES.index(GONE[0])


def build_recommender_spells(graph: Graph, size: CustomerSize) -> RetentionSpells | None:
    """The spells of all customers by the state of the customers they referred; None as
    `build_spells`.

    The states mirror those of `retention_spells`. Until a referred customer has joined, the
    referrer is one of the others. Then: all who joined are still customers; the first of them
    will leave within 12 months; or some months have passed since the latest one left, in bands.
    """
    membership = compute_first_membership(graph)
    if graph.as_of is None or find_first_leaving(graph, membership) is None:
        return None
    used = graph.customers & (membership.joined > MIN_DAY)
    rows = np.flatnonzero(used & mark_sized(graph, size))
    place = np.full(len(graph), -1, np.int64)
    place[rows] = np.arange(len(rows))
    referrer, referred = list_timely_referrals(graph)
    is_used = used[referred] & (place[referrer] >= 0)
    who, friend = place[referrer[is_used]], referred[is_used]
    intervals = _list_intervals(len(rows), who, membership.joined[friend], membership.left[friend])
    return cut_spells(graph, size, rows, intervals)


def _list_intervals(count: int, who: Longs, joined: Longs, left: Longs) -> Intervals:
    """The intervals of each state. who: row of the recommender, one per referred customer; joined,
    left: the days of the latter.
    """
    first_joined = np.full(count, MAX_DAY, np.int64)
    np.minimum.at(first_joined, who, joined)
    first_left = np.full(count, MAX_DAY, np.int64)
    np.minimum.at(first_left, who, left)
    everyone = np.arange(count)
    never = np.full(count, MIN_DAY, np.int64)
    lead = np.where(first_left == MAX_DAY, MAX_DAY, first_left - LEAD_DAYS)
    intervals = [
        (everyone, 0, never, first_joined),
        (everyone, ACTIVE_STATE, first_joined, lead),
        (everyone, LEAD_STATE, np.maximum(first_joined, lead), first_left),
    ]
    return intervals + _list_gone_intervals(who, left)


def _list_gone_intervals(who: Longs, left: Longs) -> Intervals:
    """Since the latest leaving, until the next one: an interval per leaving and state."""
    has_left = left < MAX_DAY
    order = np.lexsort((left[has_left], who[has_left]))
    place, day = who[has_left][order], left[has_left][order]
    is_last = np.append(place[1:] != place[:-1], True)[: len(place)]
    following = np.where(is_last, MAX_DAY, np.append(day[1:], MAX_DAY)[: len(day)])
    cuts = [cut for cut in CUTS if cut >= 0]
    borders = [*(day + cut for cut in cuts), np.full(len(day), MAX_DAY, np.int64)]
    return [
        (place, FIRST_GONE + k, first, np.minimum(last, following))
        for k, (first, last) in enumerate(zip(borders, borders[1:], strict=False))
    ]
