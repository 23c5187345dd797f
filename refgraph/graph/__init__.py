"""DATASET + SCOPE -> GRAPH: stages, referrals, value, key accounts, cycles, primary referrers."""

from refgraph.graph.build import build_graph

__all__ = ["build_graph"]
