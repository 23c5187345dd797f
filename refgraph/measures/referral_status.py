"""Who came by referral, by referrals or by the source column, and whose source is unknown."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from refgraph.graph.memo import cached_on_first_argument
from refgraph.measures.members import select_members
from refgraph.measures.tallies import compute_ratio
from refgraph.model.graph import Bools, Graph
from refgraph.model.tally import Tally
from refgraph.model.vocabulary import CUSTOMER_REFERRAL, STAFF_REFERRAL, UNKNOWN_WORDS

DEFINITIONS = {
    "customers": ("customer",),
    "customers+staff": ("customer", "staff"),
    "customers+staff+partners": ("customer", "staff", "partner"),
}
"""Three definitions of "by referral", from narrow to wide: the kinds of arcs that count."""


@cached_on_first_argument
def mark_arcs_of_kinds(graph: Graph, kinds: tuple[str, ...]) -> Bools:
    """bool[m], by arc: valid and of one of these kinds, cut or not."""
    return graph.arcs.select(pl.col("valid") & pl.col("kind").is_in(kinds)).to_series().to_numpy()


def is_referred(graph: Graph, kinds: tuple[str, ...]) -> Bools:
    """bool[n]: with a valid arc of these kinds (cut or not), or referred by an unknown party."""
    has_arc = _mark_referred_parties(graph, mark_arcs_of_kinds(graph, kinds))
    return has_arc | referred_by_unknown(graph, kinds)


@cached_on_first_argument
def referred_by_unknown(graph: Graph, kinds: tuple[str, ...]) -> Bools:
    """bool[n]: no valid arc, but the source is "customer referral".

    If ``kinds`` has staff: or "staff referral".
    """
    words = CUSTOMER_REFERRAL + (STAFF_REFERRAL if "staff" in kinds else ())
    has_referral_source: Bools = _normalize_source(graph).is_in(words).to_numpy()
    return has_referral_source & ~_mark_referred_parties(graph, graph.arcs["valid"].to_numpy())


@cached_on_first_argument
def has_unknown_source(graph: Graph) -> Bools:
    """bool[n]: no arc of any kind and no source, or an arc whose referrer may count for nothing.

    That is a referrer of unknown role or status; another valid arc outweighs it.
    """
    is_blank: Bools = _normalize_source(graph).is_in(UNKNOWN_WORDS).to_numpy()
    is_doubtful = is_undetermined(graph)[graph.arcs["referrer"].to_numpy()]
    has_sure_arc = _mark_referred_parties(graph, ~is_doubtful)
    has_valid_arc = _mark_referred_parties(graph, graph.arcs["valid"].to_numpy())
    is_doubted = _mark_referred_parties(graph, is_doubtful) & ~has_valid_arc
    return (is_blank & ~has_sure_arc) | is_doubted


@cached_on_first_argument
def is_undetermined(graph: Graph) -> Bools:
    """bool[n]: whose role or status is unknown; neither customers nor anything else."""
    return (graph.parties["stage"] == "unknown").to_numpy()


class ShareBounds(NamedTuple):
    """Between which shares the referral share lies, whatever is unknown.

    low, high: None without a column of sources, nan without any existing customer.
    unknown: existing customers of unknown source, None without a column of sources.
    """

    low: Tally | None
    high: Tally | None
    unknown: Tally | None


def compute_share_bounds(graph: Graph, kinds: tuple[str, ...]) -> ShareBounds:
    """Bounds M2 of the share of existing customers who came by referral of these kinds.

    low = R / n, high = (R + U) / n, the worst and the best case of the U unknown (Manski 1989).
    Parties of unknown role or status may be existing customers: for the lower bound all are that
    may have come otherwise, for the upper bound all that may have been referred.
    """
    if not graph.has("customers.source"):
        return ShareBounds(None, None, None)
    existing, undetermined = graph.existing, is_undetermined(graph)
    referred, is_open = is_referred(graph, kinds) & existing, has_unknown_source(graph)
    unknown = is_open & existing & ~referred
    is_live = graph.arcs["status"].ne_missing("void").to_numpy()
    by_source = referred_by_unknown(graph, kinds)
    may_be_referred = _mark_referred_parties(graph, is_live) | is_open | by_source
    is_sure = is_live & ~undetermined[graph.arcs["referrer"].to_numpy()]
    is_sure &= graph.arcs["kind"].is_in(kinds).to_numpy()
    must_be_referred = _mark_referred_parties(graph, is_sure) | by_source
    may_be_referred, others = undetermined & may_be_referred, undetermined & ~must_be_referred
    fewest = select_members("customers", existing | others)
    most = select_members("customers", existing | may_be_referred)
    return ShareBounds(
        compute_ratio(fewest.count(referred), fewest.count()),
        compute_ratio(most.count(referred | unknown | may_be_referred), most.count()),
        select_members("customers", existing).count(unknown),
    )


def _mark_referred_parties(graph: Graph, arcs: Bools) -> Bools:
    """bool[n]: the parties referred by these arcs; arcs: bool[m]."""
    is_referred_by_arc = np.zeros(len(graph), np.bool_)
    is_referred_by_arc[graph.arcs["referred"].to_numpy()[arcs]] = True
    return is_referred_by_arc


@cached_on_first_argument
def _normalize_source(graph: Graph) -> pl.Series:
    source = pl.col("source").str.strip_chars().str.to_lowercase()
    return graph.parties.select(source.fill_null("")).to_series()
