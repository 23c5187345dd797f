"""M18: own value against the value of referred parties, and hidden key accounts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.measures.conversion import count_referred_where
from refgraph.measures.reach_and_credit import compute_direct_value, compute_shapley_credit
from refgraph.model.graph import Bools, Floats, Graph, Longs

TOP_DIVISOR = 10
"""The top tenth of those with earned credit, and at least the first, count as influential."""
_TIE = 1.0 + 1e-9
MIN_KEY_ACCOUNTS, MIN_KEY_SHARE = 2, 0.5
"""Key accounts, and the least share of each referral, that make a recommender influential.
"""


@dataclass(frozen=True, eq=False, kw_only=True)
class Quadrants:
    """Arrays by party, and the two cuts.

    own, direct float64[n]: own value, value of the referred. own_cut, direct_cut: medians of the
    positive ones among existing customers (nan if there are none). own_high, direct_high bool[n]:
    at least the median. keys int64[n]: key accounts referred, -1 = unknown; main_keys: those of
    which it holds at least half of the referral. earned float64[n]: credit for the value of others
    (nan beyond the work bound). hidden bool[n]: hidden key account.
    """

    own: Floats
    direct: Floats
    own_cut: float
    direct_cut: float
    own_high: Bools
    direct_high: Bools
    keys: Longs
    main_keys: Longs
    earned: Floats
    hidden: Bools


def compute_quadrants(graph: Graph) -> Quadrants:
    """The cuts among existing customers, and where each of them lies.

    A hidden key account is an existing customer of low own value that referred at least two key
    accounts with a share of at least one half each, or whose earned credit ranks in the top tenth
    of the existing customers that earned any (at least the first; ties in). Without a rule for key
    accounts only earned credit decides.
    """
    own, direct, existing = graph.value.numbers, compute_direct_value(graph), graph.existing
    own_cut = _compute_positive_median(own[existing])
    direct_cut = _compute_positive_median(direct[existing])
    own_high, direct_high = existing & (own >= own_cut), existing & (direct >= direct_cut)
    keys, credit = count_key_accounts_referred(graph), compute_shapley_credit(graph)
    earned = credit.earned + 0.0 if credit else np.full(len(graph), np.nan)
    main_keys = _count_main_key_accounts(graph)
    is_influential = (main_keys >= MIN_KEY_ACCOUNTS) | mark_top_tenth(earned, existing)
    return Quadrants(
        own=own,
        direct=direct,
        own_cut=own_cut,
        direct_cut=direct_cut,
        own_high=own_high,
        direct_high=direct_high,
        keys=keys,
        main_keys=main_keys,
        earned=earned,
        hidden=existing & ~own_high & is_influential,
    )


def mark_top_tenth(earned: Floats, existing: Bools) -> Bools:
    """bool[n]: rank <= max(1, floor(m / 10)) among the m existing customers with earned credit.

    Rank: 1 + the number of those who earned more, so that ties share a rank and are all in; sums
    that differ by a rounding error are ties.

    >>> mark_top_tenth(np.array([5.0, 5.0, 2.0, 0.0]), np.ones(4, bool)).tolist()
    [True, True, False, False]
    """
    positive = np.sort(earned[existing & (earned > 0)])
    seats = max(1, len(positive) // TOP_DIVISOR)
    number_with_more = len(positive) - np.searchsorted(positive, earned * _TIE, side="right")
    return np.asarray(existing & (earned > 0) & (number_with_more < seats), np.bool_)


def _compute_positive_median(x: Floats) -> float:
    positive = x[x > 0]
    return float(np.median(positive)) if len(positive) else float("nan")


def count_key_accounts_referred(graph: Graph) -> Longs:
    """int64[n]: key accounts among the parties that each party referred; -1 if unknown."""
    if not graph.is_key_account_known:
        return np.full(len(graph), -1, np.int64)
    return count_referred_where(graph, graph.parties["key"].fill_null(False).to_numpy())


def _count_main_key_accounts(graph: Graph) -> Longs:
    """int64[n]: key accounts of which each party holds at least half of the referral; -1 unknown.

    Along active arcs: value does not pass along an arc that was cut.
    """
    if not graph.is_key_account_known:
        return np.full(len(graph), -1, np.int64)
    is_key = graph.parties["key"].fill_null(False).to_numpy()
    active = graph.adjacency
    is_main = is_key[active.out_dst] & (active.out_share >= MIN_KEY_SHARE)
    return np.bincount(graph.arc_source[is_main], minlength=len(graph)).astype(np.int64)


def list_key_accounts_referred(graph: Graph, members: Longs) -> pl.DataFrame:
    """``place``, ``names`` (list, by id): the key accounts that each of ``members`` referred."""
    is_by_member = pl.col("referrer").is_in(pl.Series(members).implode())
    arcs = graph.counted_arcs.filter(is_by_member)
    arcs = arcs.select(
        place="referrer",
        key=graph.parties["key"].gather(arcs["referred"]),
        name=graph.names.gather(arcs["referred"]),
    )
    return arcs.filter("key").group_by("place", maintain_order=True).agg(names="name")
