"""How long each customer could refer, and how often it did, by group (M32)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from refgraph.measures.calendar import MAX_DAY, YEAR, to_day_numbers
from refgraph.measures.follow_up import FollowUp, compute_follow_up
from refgraph.measures.groups import group_parties, merge_small_groups
from refgraph.measures.occasions import list_occasions
from refgraph.model.graph import Floats, Graph, Longs

RateField = Literal["sector", "region", "ownership", "kind", "source", "adviser"]
"""Fields that a referral does not change; ``adviser`` changes on the day of the appointment."""
ADVISER, NOT_ADVISER = "adviser", "not-adviser"


@dataclass(frozen=True, eq=False)
class ReferralExposure:
    """One row per customer and group that it was in.

    customer int64[m]: its index. group: text [m]. years float64[m]: customer-years in the group,
    above 0. occasions int64[m]: occasions on which it referred in that time. begin: first day of
    the records, in days since 1970-01-01.
    """

    customer: Longs
    group: pl.Series
    years: Floats
    occasions: Longs
    begin: int


def is_rate_field_recorded(graph: Graph, by: RateField) -> bool:
    """Whether the data has the field."""
    return graph.has("customers.adviser_since" if by == ADVISER else f"customers.{by}")


def compute_referral_exposure(graph: Graph, by: RateField) -> ReferralExposure | None:
    """Customer-years and occasions by customer and group; None if nobody can be followed.

    A customer is watched as in `compute_follow_up`, an occasion counts on its first day.
    """
    follow = compute_follow_up(graph)
    if follow is None:
        return None
    row, day = list_occasions(follow.referrer_row, follow.days)
    if by == "adviser":
        return _split_by_adviser(graph, follow, row, day)
    observed = np.flatnonzero(follow.is_observed)
    years = (follow.exit - np.maximum(follow.entry, 0))[observed] / YEAR
    count = np.bincount(row, minlength=len(follow.customer))[observed]
    words = merge_small_groups(group_parties(graph, by).gather(follow.customer[observed]))
    return _keep_watched(follow.customer[observed], words, years, count, follow.begin)


def _split_by_adviser(graph: Graph, follow: FollowUp, row: Longs, day: Longs) -> ReferralExposure:
    """Before and from the day of the appointment as adviser."""
    since = to_day_numbers(graph.parties["adviser_since"].gather(follow.customer), MAX_DAY)
    cut = since - follow.joined
    start = np.maximum(follow.entry, 0)
    before = np.minimum(cut, follow.exit) - start
    after = follow.exit - np.maximum(cut, start)
    is_after = day >= cut[row]
    counts = [
        np.bincount(row[mask], minlength=len(follow.customer)) for mask in (~is_after, is_after)
    ]
    words = [NOT_ADVISER] * len(cut) + [ADVISER] * len(cut)
    return _keep_watched(
        np.tile(follow.customer, 2),
        pl.Series("group", words),
        np.concatenate([before, after]) / YEAR,
        np.concatenate(counts),
        follow.begin,
    )


def _keep_watched(
    customer: Longs, words: pl.Series, years: Floats, count: Longs, begin: int
) -> ReferralExposure:
    is_watched = years > 0
    return ReferralExposure(
        customer[is_watched],
        words.filter(pl.Series(is_watched)),
        years[is_watched],
        count[is_watched].astype(np.int64),
        begin,
    )
