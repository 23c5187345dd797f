"""Which tree each party belongs to, after a layout."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench_tools import peers
from bench_tools.checks import smallest_member
from bench_tools.graphs import FORESTS, Case
from bench_tools.timing import Operation, Tool
from refgraph.kernels import forest, passes


def _ours(laid: forest.Layout) -> Any:
    return passes.roots(laid.parent)


def _by_position(laid: forest.Layout, answer: Any) -> Any:
    return (smallest_member(forest.scatter(answer, laid.order)),)


def _labels(_: Any, answer: Any) -> Any:
    return (smallest_member(np.asarray(answer)),)


def scipy_labels(graph: Any) -> Any:
    """scipy's weak components."""
    from scipy.sparse.csgraph import connected_components

    return connected_components(graph, directed=True, connection="weak")[1]


def igraph_labels(graph: Any) -> Any:
    """igraph's weak components."""
    return graph.connected_components(mode="weak").membership


def networkit_labels(graph: Any) -> Any:
    """networkit's components of an undirected graph."""
    import networkit

    return networkit.components.ConnectedComponents(graph).run()


def networkit_arrays(graph: Any, answer: Any) -> Any:
    """Its partition as labels."""
    return _labels(graph, answer.getPartition().getVector())


def _sets(graph: Any, answer: Any) -> Any:
    """Sets of members as labels."""
    label = np.empty(len(graph), np.int64)
    for k, part in enumerate(answer):
        label[list(part)] = k
    return _labels(graph, label)


def rustworkx_sets(graph: Any) -> Any:
    """rustworkx's weak components."""
    import rustworkx

    return rustworkx.weakly_connected_components(graph)


def networkx_sets(graph: Any) -> Any:
    """networkx's weak components."""
    import networkx

    return list(networkx.weakly_connected_components(graph))


OTHERS = (
    Tool("scipy", peers.matrix, scipy_labels, _labels, "connected_components"),
    Tool("networkit", lambda case: peers.networkit_graph(case, directed=False), networkit_labels, networkit_arrays,
         "ConnectedComponents"),
    Tool("igraph", peers.igraph_graph, igraph_labels, _labels, "connected_components"),
    Tool("rustworkx", peers.rustworkx_graph, rustworkx_sets, _sets, "weakly_connected_components", peers.BIG, ("star",)),
    Tool("networkx", peers.networkx_graph, networkx_sets, _sets, "weakly_connected_components", peers.BIG),
)  # fmt: skip
FOREST = Operation("components of a forest, after layout", (
    Tool("refgraph", Case.laid, _ours, _by_position, "one pass down"), *OTHERS,
), FORESTS)  # fmt: skip
OPERATIONS = (FOREST,)
