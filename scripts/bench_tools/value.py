"""Below every party: how many there are, and their revenue, halved with each generation (M39k)."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench_tools import peers
from bench_tools.graphs import FORESTS, Case
from bench_tools.timing import Operation, Tool
from refgraph.kernels import forest, passes

DELTA = 0.5


def _ours(state: Any) -> Any:
    laid, w = state
    return laid.size - 1, passes.decayed(laid.parent, w, DELTA)


def _ours_build(case: Case) -> Any:
    laid = case.laid()
    return laid, case.value[laid.order]


def _by_position(state: Any, answer: Any) -> Any:
    return tuple(forest.scatter(part, state[0].order) for part in answer)


def _numpy_build(case: Case) -> Any:
    """Generations, where the children of one parent stand side by side: their sums are one reduceat a generation."""
    found = []
    for level in peers.levels(case)[1:]:
        above = case.parent[level]
        first = np.flatnonzero(np.concatenate([[True], above[1:] != above[:-1]]))
        found.append((level, above[first], first))
    return case, found


def _numpy(state: Any) -> Any:
    case, levels = state
    count, value = np.zeros(case.n, np.int64), np.zeros(case.n)
    for level, above, first in reversed(levels):
        count[above] = np.add.reduceat(count[level] + 1, first)
        value[above] = np.add.reduceat(DELTA * (case.value[level] + value[level]), first)
    return count, value


def _scipy(state: Any) -> Any:
    """x = A (d w + d x), generation by generation until nothing is added."""
    case, graph = state
    count, value = np.zeros(case.n), np.zeros(case.n)
    more, worth = np.ones(case.n), case.value
    while more.any():
        more, worth = graph @ more, DELTA * (graph @ worth)
        count += more
        value += worth
    return count.astype(np.int64), value


def _doubling(case: Case) -> Any:
    """Each round adds what stands twice as far below."""
    n = case.n
    node = np.flatnonzero(case.parent >= 0)
    up = case.parent[node]
    count, value, factor = np.ones(n, np.int64), case.value.copy(), DELTA
    while len(node):
        gained = np.bincount(up, weights=count[node], minlength=n).astype(np.int64)
        value += factor * np.bincount(up, weights=value[node], minlength=n)
        count += gained
        factor *= factor
        step = np.full(n, -1, up.dtype)
        step[node] = up
        higher = step[up]
        node, up = node[higher >= 0], higher[higher >= 0]
    return count - 1, value - case.value


def _networkx(state: Any) -> Any:
    import networkx

    case, graph = state
    count, value = [0] * case.n, [0.0] * case.n
    w = case.value.tolist()
    for v in reversed(list(networkx.topological_sort(graph))):
        for c in graph.successors(v):
            count[v] += count[c] + 1
            value[v] += DELTA * (w[c] + value[c])
    return count, value


def _topological(order: Any, case: Case) -> Any:
    """From a library's topological order on: generations by numpy are not quicker than this loop on lists."""
    count, value, parent, w = [0] * case.n, [0.0] * case.n, case.parent.tolist(), case.value.tolist()
    for v in reversed(order):
        above = parent[v]
        if above >= 0:
            count[above] += count[v] + 1
            value[above] += DELTA * (w[v] + value[v])
    return count, value


def _igraph(state: Any) -> Any:
    case, graph = state
    return _topological(graph.topological_sorting(), case)


def _rustworkx(state: Any) -> Any:
    import rustworkx

    case, graph = state
    return _topological(list(rustworkx.topological_sort(graph)), case)


def _lists(_: Any, answer: Any) -> Any:
    return tuple(np.asarray(part) for part in answer)


BELOW = Operation("descendants and decayed revenue, after layout", (
    Tool("refgraph", _ours_build, _ours, _by_position, "one pass up"),
    Tool("numpy", _numpy_build, _numpy, how="reduceat a generation", spared=("chain",)),
    Tool("numpy", lambda case: case, _doubling, how="pointer doubling"),
    Tool("scipy", lambda case: (case, peers.matrix(case)), _scipy, how="sparse product a generation", spared=("chain",)),
    Tool("igraph", lambda case: (case, peers.igraph_graph(case)), _igraph, _lists, "topological_sorting", peers.BIG),
    Tool("rustworkx", lambda case: (case, peers.rustworkx_graph(case)), _rustworkx, _lists, "topological_sort",
         peers.BIG, ("star",)),
    Tool("networkx", lambda case: (case, peers.networkx_graph(case)), _networkx, _lists, "topological_sort", peers.BIG),
), FORESTS)  # fmt: skip
OPERATIONS = (BELOW,)
