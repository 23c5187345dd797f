"""What customers below a party in its referral tree are worth, by any value (M53, M53s)."""

from __future__ import annotations

from refgraph.kernels import passes
from refgraph.kernels import reach as reaches
from refgraph.kernels.decayed_reach import compute_decayed_reach
from refgraph.model.graph import Floats, Graph


def sum_below(graph: Graph, w: Floats) -> Floats:
    """float64[n]: w of all distinct parties below each party; nan beyond the work bound."""
    arcs, forest = graph.adjacency, graph.forest
    if not arcs.is_forest:
        return reaches.compute_reach(arcs.in_ptr, arcs.out_ptr, arcs.out_dst, w)[1]
    own = w[forest.order]
    sums: Floats = forest.scatter(passes.sum_decayed_up(forest.preorder_parent, own, 1.0))
    return sums


def sum_following(graph: Graph, w: Floats, follow: float) -> Floats:
    """float64[n]: own w, and w of each party below times follow^distance; nan beyond the bound."""
    arcs, forest = graph.adjacency, graph.forest
    if not arcs.is_forest:
        return w + compute_decayed_reach(arcs.in_ptr, arcs.out_ptr, arcs.out_dst, w, follow)
    own = w[forest.order]
    below: Floats = forest.scatter(passes.sum_decayed_up(forest.preorder_parent, own, follow))
    return w + below


def sum_by_steps(graph: Graph, w: Floats, step: Floats) -> Floats:
    """float64[n]: own w, and w of each party below times the steps along the path to it.

    step: float64[n], that from the primary referrer of a party to it.
    """
    forest = graph.forest
    own, steps = w[forest.order], step[forest.order]
    sums: Floats = forest.scatter(passes.sum_weighted_up(forest.preorder_parent, own, steps))
    return sums
