"""How often customers refer through each relationship, per year of all of them (M32)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.measures.calendar import YEAR, is_in_window
from refgraph.measures.channels import classify_channels
from refgraph.measures.follow_up import compute_follow_up
from refgraph.measures.groups import merge_small_groups
from refgraph.measures.occasions import list_occasions
from refgraph.model.graph import Floats, Graph, Longs


@dataclass(frozen=True, eq=False)
class TieExposure:
    """customer int64[m], years float64[m]: who was watched, and how long. occasions: by
    relationship, int64[m], those on which each customer referred through it. begin: first day of
    the records, in days since 1970-01-01.
    """

    customer: Longs
    years: Floats
    occasions: Mapping[str, Longs]
    begin: int


def compute_tie_exposure(graph: Graph) -> TieExposure | None:
    """Customer-years of all, and occasions by relationship; None if nobody was watched or referred.

    Referrals of one customer through one relationship within 30 days are one occasion.
    """
    follow = compute_follow_up(graph)
    if follow is None or not len(follow.event):
        return None
    ties = _list_ties(graph).gather(pl.Series(follow.event))
    watched = np.flatnonzero(follow.is_observed)
    if not len(watched):
        return None
    occasions = {}
    for word in ties.unique().sort().to_list():
        is_tie = (ties == word).to_numpy()
        row, _ = list_occasions(follow.referrer_row[is_tie], follow.days[is_tie])
        count = np.bincount(row, minlength=len(follow.customer))[watched]
        occasions[str(word)] = count.astype(np.int64)
    years = (follow.exit - np.maximum(follow.entry, 0))[watched] / YEAR
    return TieExposure(follow.customer[watched], years, occasions, follow.begin)


def _list_ties(graph: Graph) -> pl.Series:
    """The relationship of each of `calendar.list_referral_events`, in their order."""
    events = graph.arcs.filter(pl.col("counted") & is_in_window(graph, pl.col("at")))
    ties = events.sort("at", "referrer", "referred")["tie"]
    return merge_small_groups(classify_channels(graph, ties, "tie"))
