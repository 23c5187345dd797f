"""Whose recommendations carry far? Reach and value below each recommender; on general networks also position in them."""

from __future__ import annotations

from itertools import combinations
from typing import Literal

import numpy as np
import polars as pl

from refgraph.errors import UsageError
from refgraph.estimates.rank import kendall_tau_b
from refgraph.graphs import measures, positions
from refgraph.graphs.periods import basis, standing
from refgraph.graphs.positions import Position
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, message
from refgraph.model.result import Answer, Column
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
    Column("pagerank", Unit.RATIO, "M39", detail=True),
    Column("betweenness", Unit.RATIO, "M37", detail=True),
    Column("constraint", Unit.RATIO, "M40", detail=True),
    Column("effective_size", Unit.RATIO, "M40", detail=True),
)
By = Literal["decayed", "direct", "downstream", "direct_value", "downstream_value", "pagerank", "betweenness", "constraint"]
ON_FORESTS = ("direct", "downstream", "decayed", "direct_value", "downstream_value")
ON_NETWORKS = ("pagerank", "betweenness", "constraint")


@analysis(grain="party", columns=COLUMNS, order=(("rank", False),),
          formulas=("M13", "M16", "M37", "M39", "M39k", "M40"))  # fmt: skip
def influence(graph: Graph, *, by: By = "decayed", delta: float = 0.5) -> Answer:
    """Recommenders by how far their recommendations carry; ties by id.

    decayed = Σ δ^distance over all parties below, δ = delta. PageRank (reversed arcs), betweenness, Burt's constraint and
    effective size are computed where someone has several referrers or referrals run in loops, on all counted referrals; on a
    forest they add nothing (a note says why) and are null. --by constraint: least first. Raises UsageError for a delta
    outside 0..1, and for ranking a forest by what it does not have.
    """
    if not 0.0 <= delta <= 1.0:
        raise UsageError("out-of-range", option="delta", value=delta, low=0, high=1)
    general = positions.is_general(graph)
    if by in ON_NETWORKS and not general:
        raise UsageError("only-on-networks", by=by, known=list(ON_FORESTS))
    place = positions.position(graph) if general else None
    frame = _rows(graph, place, delta)
    frame = frame.sort(by, "customer", descending=[by != "constraint", False], nulls_last=True)
    frame = frame.with_columns(rank=pl.int_range(1, pl.len() + 1)).select(c.name for c in COLUMNS)
    return Answer(frame, _headline(graph, frame, by, delta), tuple(_notes(graph, frame, place)))


def _rows(graph: Graph, place: Position | None, delta: float) -> pl.DataFrame:
    reach = measures.reach(graph)
    direct = np.diff(graph.flow.out_ptr)
    nothing = np.full(len(graph), np.nan)
    frame = graph.parties.select(customer="id", name=graph.names).with_columns(
        direct=pl.Series(direct), downstream=pl.Series(reach.downstream), decayed=pl.Series(positions.decayed(graph, delta)),
        direct_value=pl.Series(measures.direct_value(graph)), downstream_value=pl.Series(reach.value),
        pagerank=pl.Series(place.pagerank if place else nothing),
        betweenness=pl.Series(place.betweenness if place else nothing),
        constraint=pl.Series(place.constraint if place else nothing),
        effective_size=pl.Series(place.effective_size if place else nothing),
    )  # fmt: skip
    frame = frame.with_columns(pl.col(pl.Float64).fill_nan(None), pl.when(pl.col("downstream") >= 0).then("downstream"))
    return frame.filter(pl.col("direct") > 0)


def _headline(graph: Graph, frame: pl.DataFrame, by: By, delta: float) -> Message:
    if not frame.height:
        return message("headline.recommenders-none", standing=standing(graph))
    best = frame.row(0, named=True)
    worth = None if best["downstream_value"] is None else graph.value.amount(best["downstream_value"])
    return message(
        "headline.influence", name=best["name"], by=Label(f"by-{by}"), direct=best["direct"], downstream=best["downstream"],
        decayed=best["decayed"], delta=delta, value=worth, recommenders=frame.height, basis=basis(graph),
        standing=standing(graph),
    )  # fmt: skip


def _notes(graph: Graph, frame: pl.DataFrame, place: Position | None) -> list[Message]:
    notes = []
    if frame.height:
        notes.append(message("note.influence-network" if place else "note.influence-forest"))
    if frame.height > 1:
        notes += _agreement(frame, (*ON_FORESTS, *(ON_NETWORKS if place else ())))
    if place and place.error:
        notes.append(message("note.betweenness-sampled", sources=place.sources, error=place.error))
    if frame["downstream"].null_count():
        notes.append(message("note.reach-beyond-bound", parties=frame["downstream"].null_count()))
    return notes


def _agreement(frame: pl.DataFrame, names: tuple[str, ...]) -> list[Message]:
    """The matrix of Kendall's tau-b between the rankings, and which two agree least."""
    numbers = {x: frame[x].cast(pl.Float64).fill_null(np.nan).to_numpy() * (-1 if x == "constraint" else 1) for x in names}
    taus = {(a, b): kendall_tau_b(numbers[a], numbers[b]) for a, b in combinations(names, 2)}
    known = {pair: tau for pair, tau in taus.items() if tau == tau}
    if not known:
        return []
    (a, b), least = min(known.items(), key=lambda item: item[1])
    rows = []
    for x in names:
        others = [message("phrase.agreement", b=Label(f"by-{y}"), tau=tau) for (z, y), tau in known.items() if z == x]
        rows += [message("phrase.agreement-row", a=Label(f"by-{x}"), others=others)] if others else []
    return [message("note.agreement", a=Label(f"by-{a}"), b=Label(f"by-{b}"), least=least, rows=rows)]
