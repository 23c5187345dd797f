"""From when to when each customer could be seen to refer, and which of its referrals were seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.graphs import calendar
from refgraph.graphs.calendar import ALWAYS, NEVER
from refgraph.model.graph import Bools, Graph, Longs


@dataclass(frozen=True, eq=False)
class FollowUp:
    """Customers with a known first day, one row each, in days since joining.

    customer int64[m]: position. joined int64[m]: days since 1970-01-01. entry: when watching began, 0 or less = at joining.
    exit: when it ended (left, or the as-of day, or the end of the window). begin: first day of the records.
    who int64[k], days int64[k]: row and days since joining of each referral seen, by row and day. early: referrals dated
    before their referrer joined; undated: referrals without a date; neither can be used.
    """

    customer: Longs
    joined: Longs
    entry: Longs
    exit: Longs
    begin: int
    who: Longs
    days: Longs
    early: int
    undated: int

    @property
    def watched(self) -> Bools:
        """bool[m]: those watched at all."""
        return (self.exit > self.entry) & (self.exit >= 0)


def follow_up(graph: Graph) -> FollowUp | None:
    """None when the data has no dated referral, or no customer with a first day.

    Records begin with ``--since``, else with the first dated referral: before that nobody could be seen to refer.
    Customers whose first day is not known, or who referred without a date, cannot be followed.
    """
    events, days = calendar.made(graph), calendar.membership(graph)
    if graph.as_of is None or not events.height:
        return None
    undated = graph.arcs.filter(pl.col("counted") & pl.col("at").is_null())["referrer"]
    able = graph.customers & (days.joined > ALWAYS)
    able[undated.to_numpy()] = False
    customer = np.flatnonzero(able)
    if not len(customer):
        return None
    begin = calendar.number(graph.scope.since) if graph.scope.since else int(events["at"][0])
    last = min(calendar.number(graph.as_of), calendar.number(graph.scope.until) if graph.scope.until else NEVER)
    joined = days.joined[customer]
    row = np.full(len(graph), -1, np.int64)
    row[customer] = np.arange(len(customer))
    who = row[events["referrer"].to_numpy()]
    since = events["at"].to_numpy()[who >= 0] - joined[who[who >= 0]]
    who = who[who >= 0]
    exit = np.minimum(days.left[customer], last) - joined
    seen = (since >= 0) & (since <= exit[who])
    order = np.lexsort((since[seen], who[seen]))
    return FollowUp(customer, joined, begin - joined, exit, begin, who[seen][order], since[seen][order],
                    int((since < 0).sum()), len(undated))
