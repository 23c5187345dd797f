"""Depth and root of every party: after a layout, and asked once of the raw array."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench_tools import peers
from bench_tools.graphs import FORESTS, Case
from bench_tools.timing import Operation, Tool
from refgraph.kernels import forest, once, passes

Numbers = np.ndarray[Any, Any]


def _ours_laid(laid: forest.Layout) -> Any:
    return passes.descent(laid.parent)


def _by_position(laid: forest.Layout, answer: Any) -> Any:
    """Depth and root by place brought back to positions."""
    depth, root = answer
    return forest.scatter(depth, laid.order), forest.scatter(laid.order[root], laid.order)


def doubling(parent: Numbers) -> tuple[Numbers, Numbers]:
    """numpy: everybody looks twice as far up in each round."""
    depth = (parent >= 0).astype(np.int32)
    up = np.where(parent >= 0, parent, np.arange(len(parent), dtype=parent.dtype))
    while True:
        more = depth[up]
        if not more.any():
            return depth, up
        depth += more
        up = up[up]


def _numpy_levels(state: Any) -> Any:
    case, (pointers, child) = state
    depth, root = np.zeros(case.n, np.int32), np.arange(case.n)
    now, level = peers.roots(case), 0
    while len(now):
        depth[now] = level
        root[now] = root[case.parent[now]] if level else now
        now = child[peers.slices(pointers[now], pointers[now + 1])]
        level += 1
    return depth, root


def spread(parent: Numbers, order: Numbers, depth: Numbers | None) -> tuple[Numbers, Numbers]:
    """Depth and root from parties in order of a breadth-first search: one numpy step a generation."""
    n = len(parent)
    at = np.empty(n, np.int64)
    at[order] = np.arange(n)
    above = parent[order]
    above_at = np.where(above >= 0, at[above], -1)
    found, root = np.zeros(n, np.int32), order.copy()
    start, level = int(np.count_nonzero(above < 0)), 1
    before = 0
    while start < n:
        end = int(np.searchsorted(above_at, start, "left")) if above_at[-1] >= start else n
        root[start:end] = root[above_at[start:end]]
        found[start:end] = level
        before, start, level = start, end, level + 1
    out, top = np.empty(n, np.int32), np.empty(n, order.dtype)
    out[order], top[order] = found, root
    return (out if depth is None else depth), top


def _scipy(state: Any) -> Any:
    from scipy.sparse.csgraph import breadth_first_order

    case, graph = state
    order = breadth_first_order(graph, case.n, return_predecessors=False)[1:]
    return spread(case.parent, order, None)


def _networkx(state: Any) -> Any:
    case, graph = state
    depth, root = [0] * case.n, list(range(case.n))
    import networkx

    for top in peers.roots(case).tolist():
        for u, v in networkx.bfs_edges(graph, top):
            depth[v] = depth[u] + 1
            root[v] = top
    return depth, root


def _igraph_build(case: Case) -> Any:
    import igraph

    above = np.where(case.parent >= 0, case.parent, case.n)
    return case, igraph.Graph(n=case.n + 1, edges=np.stack([above, np.arange(case.n)], axis=1), directed=True)


def _igraph(state: Any) -> Any:
    case, graph = state
    order, _, _ = graph.bfs(case.n, mode="out")
    return spread(case.parent, np.array(order[1:]), None)


def _networkit_build(case: Case) -> Any:
    import networkit

    above = np.where(case.parent >= 0, case.parent, case.n).astype(np.uint64)
    return case, networkit.GraphFromCoo((above, np.arange(case.n, dtype=np.uint64)), n=case.n + 1, directed=True)


def _networkit(state: Any) -> Any:
    import networkit

    case, graph = state
    search = networkit.distance.BFS(graph, case.n, storePaths=False, storeNodesSortedByDistance=True).run()
    depth = np.asarray(search.getDistances())[:-1].astype(np.int32) - 1
    order = np.asarray(search.getNodesSortedByDistance(), np.int64)
    return spread(case.parent, order[order < case.n], depth)


def _rustworkx(state: Any) -> Any:
    import rustworkx

    case, graph = state
    layers = rustworkx.bfs_layers(graph, peers.roots(case).tolist())
    return spread(case.parent, np.array([v for layer in layers for v in layer]), None)


def _lists(_: Any, answer: Any) -> Any:
    return tuple(np.asarray(part) for part in answer)


DEEP = ("chain",)
AFTER = Operation("depth and root, after layout", (
    Tool("refgraph", Case.laid, _ours_laid, _by_position, "one pass down"),
    Tool("numpy", lambda case: case.parent, doubling, how="pointer doubling"),
    Tool("numpy", lambda case: (case, peers.children(case)), _numpy_levels, how="level by level", spared=DEEP),
    Tool("scipy", lambda case: (case, peers.rooted(case)), _scipy, how="breadth_first_order", spared=DEEP),
    Tool("networkit", _networkit_build, _networkit, _lists, "BFS", spared=DEEP),
    Tool("rustworkx", lambda case: (case, peers.rustworkx_graph(case)), _rustworkx, _lists, "bfs_layers", peers.BIG,
         (*DEEP, "star")),
    Tool("igraph", _igraph_build, _igraph, _lists, "bfs", spared=DEEP),
    Tool("networkx", lambda case: (case, peers.networkx_graph(case)), _networkx, _lists, "bfs_edges", peers.BIG),
), FORESTS)  # fmt: skip

ONCE = Operation("depth and root, asked once", (
    Tool("refgraph", lambda case: case.parent, once.depth_once, how="direct walk"),
    Tool("numpy", lambda case: case.parent, doubling, how="pointer doubling"),
), FORESTS)  # fmt: skip
OPERATIONS = (AFTER, ONCE)
