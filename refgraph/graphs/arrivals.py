"""What the source column says where no referral is on record: referred by an unknown, or not known at all."""

from __future__ import annotations

import polars as pl

from refgraph.model.graph import Bools, Graph
from refgraph.model.vocabulary import CUSTOMER_REFERRAL, NONE_WORDS, STAFF_REFERRAL

DEFINITIONS = {
    "customers": ("customer",),
    "customers+staff": ("customer", "staff"),
    "customers+staff+partners": ("customer", "staff", "partner"),
}
"""Three readings of "by referral", from narrow to wide: the kinds of arcs that each counts."""


def arrived(graph: Graph, kinds: tuple[str, ...]) -> Bools:
    """bool[n]: parties with a valid arc of these kinds (cut or not), or whose source says so without naming anyone."""
    arcs = graph.arcs.filter(pl.col("valid") & pl.col("kind").is_in(kinds))
    named = graph.parties["place"].is_in(arcs["referred"].unique().implode())
    return (named | by_unknown(graph, kinds)).to_numpy()


def by_unknown(graph: Graph, kinds: tuple[str, ...]) -> pl.Series:
    """bool[n]: no valid arc, and the source is "customer referral" (with staff counted: or "staff referral")."""
    words = CUSTOMER_REFERRAL + (STAFF_REFERRAL if "staff" in kinds else ())
    named = graph.parties["place"].is_in(graph.arcs.filter("valid")["referred"].unique().implode())
    return ~named & _source(graph).is_in(words)


def unsourced(graph: Graph) -> Bools:
    """bool[n]: no arc of any kind and no source."""
    named = graph.parties["place"].is_in(graph.arcs["referred"].unique().implode())
    return (~named & _source(graph).is_in(NONE_WORDS)).to_numpy()


def _source(graph: Graph) -> pl.Series:
    return graph.parties["source"].str.strip_chars().str.to_lowercase().fill_null("")
