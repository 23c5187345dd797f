"""Who cannot have made a referral: the party referred, and everyone it led to."""

from __future__ import annotations

import numpy as np

from refgraph.model.graph import Graph, Ints, Longs

MAX_PAIRS = 20_000_000
"""Pairs of a referral and a descendant that are listed; beyond it only the referred themselves."""


def list_impossible_referrers(graph: Graph, referred: Ints | Longs) -> tuple[Longs, Longs]:
    """Pairs (referral, party): the party referred and its descendants along primary referrals.

    Such a party cannot have made the referral, even if it was a customer on that day.
    referred: int64[m], index of the party that each referral names.
    Returns the number 0..m-1 of the referral and the index of the party, int64 each.
    """
    forest = graph.forest
    position = np.empty(len(graph), np.int64)
    position[forest.order] = np.arange(len(graph))
    start = position[referred]
    size = forest.size[start].astype(np.int64)
    if size.sum() > MAX_PAIRS:
        size = np.ones(len(start), np.int64)
    referral = np.repeat(np.arange(len(start)), size)
    begin = np.cumsum(size) - size
    place = np.arange(len(referral)) - np.repeat(begin - start, size)
    return referral, forest.order[place].astype(np.int64)
