"""The caption of a tree picture."""

from __future__ import annotations

import polars as pl

from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures.conversion import list_stage_notes
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message
from refgraph.model.picture import CLOSED_STATES

OPEN_STATES = ("new", "contacted", "negotiating")


def build_caption(
    graph: Graph,
    nodes: pl.DataFrame,
    extras: pl.DataFrame,
    *,
    outside: int,
    referrer_above: str | None,
    value: float,
) -> tuple[Message, ...]:
    """Counts and value of the tree, and the referrals that the tree itself does not show.

    nodes, extras: of the picture. outside: referrals into the tree from elsewhere, other than the
    primary one of its root. referrer_above: name of the root's primary referrer.
    """
    lines = [_describe_counts(graph, nodes, value)]
    if referrer_above is not None:
        lines.append(message("picture.above", name=nodes["name"][0], referrer=referrer_above))
    cut = int(extras["cut"].sum())
    if extras.height > cut:
        lines.append(message("picture.second", referrals=extras.height - cut))
    if outside:
        lines.append(message("picture.outside", referrals=outside))
    if cut:
        lines.append(message("picture.loops", referrals=cut))
    return (*lines, *list_stage_notes(graph))


def _describe_counts(graph: Graph, nodes: pl.DataFrame, value: float) -> Message:
    """Parties by state, generations and value."""
    by_state = dict(nodes["state"].value_counts().iter_rows())
    former = by_state.get("former", 0)
    lost = by_state.get("lost", 0)
    open_or_lost = sum(by_state.get(state, 0) for state in OPEN_STATES)
    name = "picture.counts-former" if former else "picture.counts"
    if graph.undated_lost:
        name, open_or_lost = "picture.counts-undated", open_or_lost + lost
    closed = sum(by_state.get(state, 0) for state in CLOSED_STATES)
    generations = int(nodes["depth"].to_numpy().max())
    return message(
        name,
        parties=nodes.height,
        closed=closed,
        former=former,
        open=open_or_lost,
        lost=lost,
        generations=generations,
        value=graph.value.amount(value),
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )
