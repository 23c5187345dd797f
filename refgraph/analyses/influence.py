"""Whose recommendations have the widest influence, by reach, value and network position?"""

from __future__ import annotations

import math
from itertools import combinations
from typing import Literal

import numpy as np
import polars as pl

from refgraph.analyses.columns import select_columns
from refgraph.errors import UsageError
from refgraph.estimates.rank import kendall_tau_b
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures import centrality
from refgraph.measures.centrality import Centrality
from refgraph.measures.conversion import tally_referrals
from refgraph.measures.descendants import tally_decayed_reach, tally_reach
from refgraph.measures.member_lists import rank_parties
from refgraph.measures.reach_and_credit import tally_direct_value
from refgraph.measures.tallies import build_columns
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, message
from refgraph.model.parameter_values import Proportion
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tallies, Tally
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("rank", Unit.COUNT),
    Column("customer", Unit.ID, key="recommender", detail=True),
    Column("name", Unit.TEXT),
    Column("direct", Unit.COUNT),
    Column("downstream", Unit.COUNT, "M13", "reach"),
    Column("decayed", Unit.RATIO, "M39k", "reach"),
    Column("direct_value", Unit.VALUE, "M16", "credit"),
    Column("downstream_value", Unit.VALUE, "M13", "reach"),
    Column("pagerank", Unit.RATIO, "M39", detail=True, closed="position"),
    Column("betweenness", Unit.RATIO, "M37", detail=True, closed="position"),
    Column("constraint", Unit.RATIO, "M40", detail=True, closed="position"),
    Column("effective_size", Unit.RATIO, "M40", detail=True, closed="position"),
    Column("core", Unit.COUNT, detail=True, closed="position"),
)
InfluenceMeasure = Literal[
    "decayed",
    "direct",
    "downstream",
    "direct_value",
    "downstream_value",
    "pagerank",
    "betweenness",
    "constraint",
]
FOREST_MEASURES = ("direct", "downstream", "decayed", "direct_value", "downstream_value")
NETWORK_MEASURES = ("pagerank", "betweenness", "constraint")


@analysis(
    grain="party",
    columns=COLUMNS,
    order=(("rank", False),),
    formulas=("M13", "M16", "M37", "M39", "M39k", "M40"),
)
def influence(graph: Graph, *, by: InfluenceMeasure = "decayed", delta: Proportion = 0.5) -> Answer:
    """Recommenders ranked by one measure of influence; ties by id.

    decayed: sum of delta^distance over all descendants. PageRank (on reversed arcs), betweenness,
    Burt's constraint, effective size and core number use all counted referrals and are given only
    where somebody has several referrers or referrals form cycles; on a forest they add nothing, and
    a note says so. ``--by constraint`` ranks the smallest first.
    Raises UsageError for ranking a forest by a network measure.
    """
    is_network = centrality.is_general(graph)
    if by in NETWORK_MEASURES and not is_network:
        raise UsageError("only-on-networks", by=by, known=list(FOREST_MEASURES))
    network = centrality.compute_centrality(graph) if is_network else None
    tallies = _compute_tallies(graph, delta)
    frame = _build_rows(graph, network, tallies)
    frame = frame.sort(by, "customer", descending=[by != "constraint", False], nulls_last=True)
    frame = frame.with_columns(rank=pl.int_range(1, pl.len() + 1))
    order = frame["place"].to_numpy()
    opened = Tallies(tallies | {"rank": rank_parties(order, len(graph))}, order)
    frame = select_columns(frame, COLUMNS)
    headline = _build_headline(graph, frame, by, delta)
    return Answer(frame, headline, tuple(_build_notes(frame, network)), opened)


def _compute_tallies(graph: Graph, delta: float) -> dict[str, Tally]:
    """The figures of each party that are sums over others."""
    return {
        "direct": tally_referrals(graph),
        **tally_reach(graph),
        "decayed": tally_decayed_reach(graph, delta),
        "direct_value": tally_direct_value(graph),
    }


def _build_rows(
    graph: Graph, network: Centrality | None, tallies: dict[str, Tally]
) -> pl.DataFrame:
    """One row per recommender, in order of id; network: None on a forest."""
    unknown = np.full(len(graph), np.nan)
    frame = graph.parties.select("place", customer="id", name=graph.names).with_columns(
        **build_columns(tallies),
        pagerank=pl.Series(network.pagerank if network else unknown),
        betweenness=pl.Series(network.betweenness if network else unknown),
        constraint=pl.Series(network.constraint if network else unknown),
        effective_size=pl.Series(network.effective_size if network else unknown),
        core=pl.Series(network.core, dtype=pl.Int64) if network else pl.lit(None, pl.Int64),
    )
    frame = frame.with_columns(pl.col(pl.Float64).fill_nan(None))
    return frame.filter(pl.col("direct") > 0)


def _build_headline(
    graph: Graph, frame: pl.DataFrame, by: InfluenceMeasure, delta: float
) -> Message:
    if not frame.height:
        return message("headline.recommenders-none", standing=as_of_phrase(graph))
    best = frame.row(0, named=True)
    value = best["downstream_value"]
    return message(
        "headline.influence",
        name=best["name"],
        by=Label(f"by-{by}"),
        direct=best["direct"],
        downstream=best["downstream"],
        decayed=best["decayed"],
        delta=delta,
        value=None if value is None else graph.value.amount(value),
        recommenders=frame.height,
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )


def _build_notes(frame: pl.DataFrame, network: Centrality | None) -> list[Message]:
    notes = []
    measures: tuple[str, ...] = FOREST_MEASURES
    if network:
        measures += NETWORK_MEASURES
    if frame.height:
        notes.append(message("note.influence-network" if network else "note.influence-forest"))
    if frame.height > 1:
        notes += _note_agreement(frame, measures)
    if network and network.error:
        sources, error = network.sources, network.error
        notes.append(message("note.betweenness-sampled", sources=sources, error=error))
    beyond_bound = frame["downstream"].null_count()
    if beyond_bound:
        notes.append(message("note.reach-beyond-bound", parties=beyond_bound))
    return notes


def _note_agreement(frame: pl.DataFrame, measures: tuple[str, ...]) -> list[Message]:
    """The pairs of rankings that agree least and most, by Kendall's tau-b."""
    ranked = {}
    for name in measures:
        numbers = frame[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
        ranked[name] = -numbers if name == "constraint" else numbers
    taus = {}
    for a, b in combinations(measures, 2):
        tau = kendall_tau_b(ranked[a], ranked[b])
        if not math.isnan(tau):
            taus[a, b] = tau
    if not taus:
        return []
    least, most = (choose(taus, key=lambda pair: taus[pair]) for choose in (min, max))
    names = [Label(f"by-{name}") for name in (*least, *most)]
    pairs = dict(zip("abcd", names, strict=True))
    return [message("note.agreement", **pairs, least=taus[least], most=taus[most])]
