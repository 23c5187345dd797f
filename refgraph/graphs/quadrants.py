"""M18: what a customer buys against what it brings, and who is a hidden key account. One rule for all who ask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.graphs.measures import direct_value, shapley
from refgraph.model.graph import Bools, Floats, Graph, Longs

TENTH = 0.1
KEYS = 2


@dataclass(frozen=True, eq=False)
class Quadrants:
    """Arrays by position; own_cut and direct_cut are the medians of those above 0 (nan where nobody is).

    own_high, direct_high bool[n]: at least the median. keys int64[n]: key accounts referred, -1 = cannot tell. earned
    float64[n]: credit for the value of others (nan beyond the work bound). hidden bool[n]: hidden key account.
    """

    own: Floats
    direct: Floats
    own_cut: float
    direct_cut: float
    own_high: Bools
    direct_high: Bools
    keys: Longs
    earned: Floats
    hidden: Bools


def quadrants(graph: Graph) -> Quadrants:
    """The cuts among existing customers, and the marks of all of them.

    Hidden key account = existing customer of low own value that referred at least two key accounts, or whose earned credit
    is in the top tenth of the existing customers (at most a tenth of them have as much) and above 0.
    """
    own, direct, existing = graph.value.numbers, direct_value(graph), graph.existing
    own_cut, direct_cut = (_middle(x[existing]) for x in (own, direct))
    own_high, direct_high = existing & (own >= own_cut), existing & (direct >= direct_cut)
    keys, credit = keys_brought(graph), shapley(graph)
    earned = credit.earned + 0.0 if credit else np.full(len(graph), np.nan)
    as_much = np.searchsorted(np.sort(-earned[existing]), -earned, side="right")
    top = (earned > 0) & (as_much <= TENTH * existing.sum())
    hidden = existing & ~own_high & ((keys >= KEYS) | top)
    return Quadrants(own, direct, own_cut, direct_cut, own_high, direct_high, keys, earned, hidden)


def _middle(x: Floats) -> float:
    above = x[x > 0]
    return float(np.median(above)) if len(above) else float("nan")


def keys_brought(graph: Graph) -> Longs:
    """int64[n]: key accounts among those whom each party referred, -1 where the data cannot tell."""
    if not graph.key_recorded:
        return np.full(len(graph), -1, np.int64)
    key = graph.parties["key"].fill_null(False).to_numpy()
    origin = np.repeat(np.arange(len(graph)), np.diff(graph.flow.out_ptr))
    return np.bincount(origin, weights=key[graph.flow.out_dst], minlength=len(graph)).astype(np.int64)


def brought_by(graph: Graph, members: Longs) -> pl.DataFrame:
    """Names of the key accounts that each of ``members`` referred: ``place``, ``names`` (list, by id)."""
    arcs = graph.arcs.filter(pl.col("counted") & ~pl.col("cut") & pl.col("referrer").is_in(pl.Series(members).implode()))
    arcs = arcs.select(place="referrer", key=graph.parties["key"].gather(arcs["referred"]),
                       name=graph.names.gather(arcs["referred"]))
    return arcs.filter("key").group_by("place", maintain_order=True).agg(names="name")
