"""Network position: decayed reach and, beyond forests, PageRank, betweenness, holes, cores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refgraph.kernels import passes
from refgraph.kernels.betweenness import compute_betweenness
from refgraph.kernels.core import compute_core_numbers
from refgraph.kernels.decayed_reach import compute_decayed_reach as sum_decayed_descendants
from refgraph.kernels.pagerank import compute_pagerank
from refgraph.kernels.structural_holes import compute_structural_holes
from refgraph.model.graph import Floats, Graph, Ints

VISIT_LIMIT = 200_000_000
"""Work bound: arcs and nodes visited by exact betweenness, pairs by constraint; about 2 s each."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Centrality:
    """Centralities float64[n] on all counted referrals, cut ones included.

    pagerank: M39, on reversed arcs, sums to 1. betweenness: M37, in pairs. constraint,
    effective_size: M40, nan without neighbors or beyond the work bound. core: core number of the
    undirected network, int32[n]. sources: parties searched from if betweenness is sampled, else 0.
    error: with 95 % probability no betweenness is off by more than this; 0 if exact.
    """

    pagerank: Floats
    betweenness: Floats
    constraint: Floats
    effective_size: Floats
    core: Ints
    sources: int
    error: float


def is_general(graph: Graph) -> bool:
    """Whether the network is no forest: some party has several referrers, or there are cycles."""
    return not graph.adjacency.is_forest or bool(graph.arcs["cut"].any())


def compute_centrality(graph: Graph) -> Centrality:
    """All measures of the network."""
    counted = graph.arcs.filter("counted")
    source, target = counted["referrer"].to_numpy(), counted["referred"].to_numpy()
    betweenness = compute_betweenness(len(graph), source, target, bound=VISIT_LIMIT)
    holes = compute_structural_holes(len(graph), source, target, bound=VISIT_LIMIT)
    unknown = np.full(len(graph), np.nan)
    constraint = holes.constraint if holes else unknown
    effective_size = holes.effective_size if holes else unknown
    return Centrality(
        pagerank=compute_pagerank(len(graph), target, source),
        betweenness=betweenness.values,
        constraint=constraint,
        effective_size=effective_size,
        core=compute_core_numbers(len(graph), source, target),
        sources=betweenness.sources if betweenness.error else 0,
        error=betweenness.error,
    )


def compute_decayed_reach(graph: Graph, delta: float) -> Floats:
    """M39k: sum of delta**distance over the descendants of each party, along active arcs.

    nan beyond the work bound.
    """
    arcs, forest = graph.adjacency, graph.forest
    ones = np.ones(len(graph))
    if arcs.is_forest:
        return forest.scatter(passes.sum_decayed_up(forest.preorder_parent, ones, delta))
    return sum_decayed_descendants(arcs.in_ptr, arcs.out_ptr, arcs.out_dst, ones, delta)
