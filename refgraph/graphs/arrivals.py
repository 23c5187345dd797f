"""What the source column says where no referral is on record: referred by an unknown, or not known at all."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.graphs.kept import kept
from refgraph.model.graph import Bools, Graph
from refgraph.model.vocabulary import CUSTOMER_REFERRAL, NONE_WORDS, STAFF_REFERRAL

DEFINITIONS = {
    "customers": ("customer",),
    "customers+staff": ("customer", "staff"),
    "customers+staff+partners": ("customer", "staff", "partner"),
}
"""Three readings of "by referral", from narrow to wide: the kinds of arcs that each counts."""


@kept
def of_kinds(graph: Graph, kinds: tuple[str, ...]) -> Bools:
    """bool[m], by arc: valid and of one of these kinds, cut or not."""
    return graph.arcs.select(pl.col("valid") & pl.col("kind").is_in(kinds)).to_series().to_numpy()


def arrived(graph: Graph, kinds: tuple[str, ...]) -> Bools:
    """bool[n]: parties with a valid arc of these kinds (cut or not), or whose source says so without naming anyone."""
    return _named(graph, of_kinds(graph, kinds)) | by_unknown(graph, kinds)


@kept
def by_unknown(graph: Graph, kinds: tuple[str, ...]) -> Bools:
    """bool[n]: no valid arc, and the source is "customer referral" (with staff counted: or "staff referral")."""
    words = CUSTOMER_REFERRAL + (STAFF_REFERRAL if "staff" in kinds else ())
    said: Bools = _source(graph).is_in(words).to_numpy()
    return said & ~_named(graph, graph.arcs["valid"].to_numpy())


@kept
def unsourced(graph: Graph) -> Bools:
    """bool[n]: no arc of any kind and no source."""
    blank: Bools = _source(graph).is_in(NONE_WORDS).to_numpy()
    return blank & ~_named(graph, np.ones(graph.arcs.height, np.bool_))


def _named(graph: Graph, arcs: Bools) -> Bools:
    """Whom these arcs name as referred."""
    named = np.zeros(len(graph), np.bool_)
    named[graph.arcs["referred"].to_numpy()[arcs]] = True
    return named


@kept
def _source(graph: Graph) -> pl.Series:
    return graph.parties.select(pl.col("source").str.strip_chars().str.to_lowercase().fill_null("")).to_series()
