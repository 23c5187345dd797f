"""How often the company was in touch with a customer before its first referral, by kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.measures.calendar import MAX_DAY, MIN_DAY, compute_membership, to_day_numbers
from refgraph.model.graph import Graph, Longs

MIN_CUSTOMERS = 10
"""Fewer customers with a first referral in the time of the events: no medians."""


@dataclass(frozen=True)
class Touches:
    """customers: those with a first referral in the time of the events. medians: kind -> median
    number of events of this kind before it; empty below 10 customers.
    """

    customers: int
    medians: dict[str, float]


def measure_touches(graph: Graph) -> Touches | None:
    """Median events of each kind before the first referral; None without events.

    Of customers who joined on or after the day of the first event, since earlier touches of the
    others are unknown, and whose referrals are all dated. Events on the day of the first referral
    do not count.
    """
    if graph.events is None or not graph.events.height:
        return None
    begin = to_day_numbers(graph.events["at"], MAX_DAY).min()
    first, joined = _find_first_referrals(graph), compute_membership(graph).joined
    is_followed = graph.customers & (first < MAX_DAY) & (first > MIN_DAY) & (joined >= begin)
    customers = int(is_followed.sum())
    if customers < MIN_CUSTOMERS:
        return Touches(customers, {})
    party, day, kind = _list_events(graph)
    medians = {}
    for word in kind.unique().sort().to_list():
        is_before = (kind == word).to_numpy() & (day < first[party])
        made = np.bincount(party[is_before], minlength=len(graph))
        medians[word] = float(np.median(made[is_followed]))
    return Touches(customers, medians)


def _list_events(graph: Graph) -> tuple[Longs, Longs, pl.Series]:
    """Party and day of each event, int64, and its kind; without those of unknown kind."""
    assert graph.events is not None
    places = graph.parties.select(party="id", place=pl.int_range(pl.len()))
    events = graph.events.drop_nulls("kind").join(places, on="party", maintain_order="left")
    return events["place"].to_numpy(), to_day_numbers(events["at"], MAX_DAY), events["kind"]


def _find_first_referrals(graph: Graph) -> Longs:
    """int64[n]: day of the first counted referral; `MIN_DAY` if any is undated, `MAX_DAY` if there
    is none.
    """
    first = np.full(len(graph), MAX_DAY, np.int64)
    day = to_day_numbers(graph.counted_arcs["at"], MIN_DAY)
    np.minimum.at(first, graph.counted_arcs["referrer"].to_numpy(), day)
    return first
