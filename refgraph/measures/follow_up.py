"""When each customer was observed, and which of its referrals fall into that time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.measures import calendar
from refgraph.measures.calendar import MAX_DAY, MIN_DAY
from refgraph.model.graph import Bools, Graph, Longs


@dataclass(frozen=True, eq=False, kw_only=True)
class FollowUp:
    """Customers with a known joining date, one row each, in days since joining.

    customer int64[m]: their index. joined int64[m]: in days since 1970-01-01. entry int64[m]: when
    observation began, 0 or less = at joining. exit int64[m]: when it ended (left, as-of date or end
    of the window). begin: first day of the records. referrer_row int64[k], days int64[k]: row and
    days since joining of each referral observed, by row and day; event int64[k]: its row in
    `calendar.list_referral_events`; arc int64[k]: in the graph. early: referrals dated before
    their referrer joined. undated: referrals without a date. Neither of the two can be used.
    has_referred_before bool[m]: already made a referral before ``--since``.
    """

    customer: Longs
    joined: Longs
    entry: Longs
    exit: Longs
    begin: int
    referrer_row: Longs
    days: Longs
    event: Longs
    arc: Longs
    early: int
    undated: int
    has_referred_before: Bools

    @property
    def is_observed(self) -> Bools:
        """bool[m]: observed for at least a day."""
        return (self.exit > self.entry) & (self.exit >= 0)


def compute_follow_up(graph: Graph) -> FollowUp | None:
    """The follow-up of all customers that can be observed.

    Records begin with ``--since``, else with the first dated referral: earlier referrals could not
    have been seen. A customer is present with joined <= date < left, so a referral on the first day
    counts and one on the day of leaving does not. Customers whose joining date is unknown, or who
    made an undated referral, cannot be followed. None if no referral is dated, or nobody can be
    followed.
    """
    events, membership = calendar.list_referral_events(graph), calendar.compute_membership(graph)
    if graph.as_of is None or not events.height:
        return None
    is_undated = pl.col("counted") & pl.col("at").is_null()
    undated_referrers = graph.arcs.filter(is_undated)["referrer"].to_numpy()
    can_be_followed = graph.customers & (membership.joined > MIN_DAY)
    can_be_followed[undated_referrers] = False
    customer = np.flatnonzero(can_be_followed)
    if not len(customer):
        return None
    since, until = graph.scope.since, graph.scope.until
    begin = calendar.to_day_number(since) if since else int(events["at"][0])
    window_end = calendar.to_day_number(until) if until else MAX_DAY
    last = min(calendar.to_day_number(graph.as_of), window_end)
    joined = membership.joined[customer]
    left = membership.left[customer] - joined
    exit = np.minimum(left, last - joined)
    row, days, event = _locate_events(events, customer, joined, len(graph))
    is_observed = (days >= 0) & (days < left[row]) & (days <= exit[row])
    order = np.lexsort((days[is_observed], row[is_observed]))
    return FollowUp(
        customer=customer,
        joined=joined,
        entry=begin - joined,
        exit=exit,
        begin=begin,
        referrer_row=row[is_observed][order],
        days=days[is_observed][order],
        event=event[is_observed][order],
        arc=events["arc"].to_numpy()[event[is_observed][order]],
        early=int((days < 0).sum()),
        undated=len(undated_referrers),
        has_referred_before=_mark_earlier_referrers(graph)[customer],
    )


def _mark_earlier_referrers(graph: Graph) -> Bools:
    """bool[n]: made a counted referral before ``--since``."""
    marks = np.zeros(len(graph), np.bool_)
    since = graph.scope.since
    if since is not None:
        marks[graph.arcs.filter(pl.col("counted") & (pl.col("at") < since))["referrer"]] = True
    return marks


def _locate_events(
    events: pl.DataFrame, customer: Longs, joined: Longs, parties: int
) -> tuple[Longs, Longs, Longs]:
    """Row of the referrer among the followed customers, days since it joined, and row of the event.

    Referrals by others are left out.
    """
    row_of_party = np.full(parties, -1, np.int64)
    row_of_party[customer] = np.arange(len(customer))
    row = row_of_party[events["referrer"].to_numpy()]
    event = np.flatnonzero(row >= 0)
    row = row[event]
    return row, events["at"].to_numpy()[event] - joined[row], event
