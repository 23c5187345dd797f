"""The tree that each party belongs to, after a layout."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench_tools import peers
from bench_tools.checks import label_by_smallest
from bench_tools.graphs import FORESTS, Case
from bench_tools.timing import Operation, Tool
from refgraph.kernels import forest, passes


def _run_refgraph(preorder: forest.Preorder) -> Any:
    return passes.find_roots(preorder.parent)


def _to_positions(preorder: forest.Preorder, answer: Any) -> Any:
    return (label_by_smallest(forest.scatter_to_nodes(answer, preorder.order)),)


def _to_partition(_: Any, answer: Any) -> Any:
    return (label_by_smallest(np.asarray(answer)),)


def label_with_scipy(graph: Any) -> Any:
    """scipy's weak components."""
    from scipy.sparse.csgraph import connected_components

    return connected_components(graph, directed=True, connection="weak")[1]


def label_with_igraph(graph: Any) -> Any:
    """igraph's weak components."""
    return graph.connected_components(mode="weak").membership


def label_with_networkit(graph: Any) -> Any:
    """networkit's components of an undirected graph."""
    import networkit

    return networkit.components.ConnectedComponents(graph).run()


def read_networkit_partition(graph: Any, answer: Any) -> Any:
    """The networkit partition as labels."""
    return _to_partition(graph, answer.getPartition().getVector())


def _sets_to_partition(graph: Any, answer: Any) -> Any:
    """Sets of members as labels."""
    label = np.empty(len(graph), np.int64)
    for k, part in enumerate(answer):
        label[list(part)] = k
    return _to_partition(graph, label)


def find_rustworkx_sets(graph: Any) -> Any:
    """rustworkx's weak components."""
    import rustworkx

    return rustworkx.weakly_connected_components(graph)


def find_networkx_sets(graph: Any) -> Any:
    """networkx's weak components."""
    import networkx

    return list(networkx.weakly_connected_components(graph))


PEER_TOOLS = (
    Tool("scipy", peers.build_matrix, label_with_scipy, _to_partition, "connected_components"),
    Tool(
        "networkit",
        lambda case: peers.build_networkit(case, directed=False),
        label_with_networkit,
        read_networkit_partition,
        "ConnectedComponents",
    ),
    Tool("igraph", peers.build_igraph, label_with_igraph, _to_partition, "connected_components"),
    Tool(
        "rustworkx",
        peers.build_rustworkx,
        find_rustworkx_sets,
        _sets_to_partition,
        "weakly_connected_components",
        peers.MAX_PYTHON_PEER,
        ("star",),
    ),
    Tool(
        "networkx",
        peers.build_networkx,
        find_networkx_sets,
        _sets_to_partition,
        "weakly_connected_components",
        peers.MAX_PYTHON_PEER,
    ),
)
FOREST = Operation(
    "components of a forest, after layout",
    (
        Tool("refgraph", Case.compute_layout, _run_refgraph, _to_positions, "one pass down"),
        *PEER_TOOLS,
    ),
    FORESTS,
)
OPERATIONS = (FOREST,)
