"""DATASET + SCOPE -> GRAPH: who counts, what each is worth, who referred whom, loops cut, preorder."""

from refgraph.graphs.build import build

__all__ = ["build"]
