"""Where a party stands in the network: decayed reach, and, beyond forests, PageRank, betweenness, structural holes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refgraph.kernels import passes
from refgraph.kernels.betweenness import betweenness
from refgraph.kernels.decayed import decayed as decayed_below
from refgraph.kernels.holes import holes
from refgraph.kernels.pagerank import pagerank
from refgraph.model.graph import Floats, Graph

VISITS = 200_000_000
"""Arcs and nodes that betweenness may visit exactly, and pairs that constraint may look at: some two seconds each."""


@dataclass(frozen=True, eq=False)
class Position:
    """By position, on all counted referrals, cut ones included. pagerank: M39, on reversed arcs, adds up to 1. betweenness:
    M37, in pairs. constraint, effective_size: M40, nan without neighbours or beyond the work bound. sources, error: parties
    searched from where betweenness is sampled, and what no value is off by with a chance of 95 %; 0 where exact."""

    pagerank: Floats
    betweenness: Floats
    constraint: Floats
    effective_size: Floats
    sources: int
    error: float


def is_general(graph: Graph) -> bool:
    """Whether someone has several referrers, or referrals run in loops: then the network is no forest."""
    return not graph.flow.is_forest or bool(graph.arcs["cut"].any())


def position(graph: Graph) -> Position:
    """All four measures of the network."""
    counted = graph.arcs.filter("counted")
    source, target = counted["referrer"].to_numpy(), counted["referred"].to_numpy()
    between = betweenness(len(graph), source, target, bound=VISITS)
    gaps = holes(len(graph), source, target, bound=VISITS)
    nothing = np.full(len(graph), np.nan)
    return Position(
        pagerank(len(graph), target, source), between.values, gaps.constraint if gaps else nothing,
        gaps.effective_size if gaps else nothing, between.sources if between.error else 0, between.error,
    )  # fmt: skip


def decayed(graph: Graph, delta: float) -> Floats:
    """M39k: Σ delta^distance over the distinct parties below each, along uncut referrals; nan beyond the work bound."""
    flow, forest = graph.flow, graph.forest
    ones = np.ones(len(graph))
    if flow.is_forest:
        return forest.scatter(passes.decayed(forest.place_parent, ones, delta))
    return decayed_below(flow.in_ptr, flow.out_ptr, flow.out_dst, ones, delta)
