"""Descendants of every party, and their revenue halved with each generation (M39k)."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench_tools import peers
from bench_tools.graphs import FORESTS, Case
from bench_tools.timing import Operation, Tool
from refgraph.kernels import forest, passes

DELTA = 0.5


def _run_refgraph(state: Any) -> Any:
    laid, w = state
    return laid.size - 1, passes.sum_decayed_up(laid.parent, w, DELTA)


def _build_layout(case: Case) -> Any:
    laid = case.compute_layout()
    return laid, case.value[laid.order]


def _to_positions(state: Any, answer: Any) -> Any:
    return tuple(forest.scatter_to_nodes(part, state[0].order) for part in answer)


def _build_numpy(case: Case) -> Any:
    """Generations with siblings together, so that their sums are one reduceat per generation."""
    found = []
    for level in peers.list_generations(case)[1:]:
        above = case.parent[level]
        first = np.flatnonzero(np.concatenate([[True], above[1:] != above[:-1]]))
        found.append((level, above[first], first))
    return case, found


def _run_numpy(state: Any) -> Any:
    case, levels = state
    count, value = np.zeros(case.n, np.int64), np.zeros(case.n)
    for level, above, first in reversed(levels):
        count[above] = np.add.reduceat(count[level] + 1, first)
        value[above] = np.add.reduceat(DELTA * (case.value[level] + value[level]), first)
    return count, value


def _run_scipy(state: Any) -> Any:
    """x = A (d w + d x), generation by generation until nothing is added."""
    case, graph = state
    count, value = np.zeros(case.n), np.zeros(case.n)
    more, worth = np.ones(case.n), case.value
    while more.any():
        more, worth = graph @ more, DELTA * (graph @ worth)
        count += more
        value += worth
    return count.astype(np.int64), value


def _run_doubling(case: Case) -> Any:
    """Each round adds the values twice as far below."""
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


def _run_networkx(state: Any) -> Any:
    import networkx

    case, graph = state
    count, value = [0] * case.n, [0.0] * case.n
    w = case.value.tolist()
    for v in reversed(list(networkx.topological_sort(graph))):
        for c in graph.successors(v):
            count[v] += count[c] + 1
            value[v] += DELTA * (w[c] + value[c])
    return count, value


def _add_up_in_order(order: Any, case: Case) -> Any:
    """Sums in the topological order of a library; generations by numpy are not quicker."""
    count, value, parent, w = (
        [0] * case.n,
        [0.0] * case.n,
        case.parent.tolist(),
        case.value.tolist(),
    )
    for v in reversed(order):
        above = parent[v]
        if above >= 0:
            count[above] += count[v] + 1
            value[above] += DELTA * (w[v] + value[v])
    return count, value


def _run_igraph(state: Any) -> Any:
    case, graph = state
    return _add_up_in_order(graph.topological_sorting(), case)


def _run_rustworkx(state: Any) -> Any:
    import rustworkx

    case, graph = state
    return _add_up_in_order(list(rustworkx.topological_sort(graph)), case)


def _to_arrays(_: Any, answer: Any) -> Any:
    return tuple(np.asarray(part) for part in answer)


BELOW = Operation(
    "descendants and decayed revenue, after layout",
    (
        Tool("refgraph", _build_layout, _run_refgraph, _to_positions, "one pass up"),
        Tool(
            "numpy",
            _build_numpy,
            _run_numpy,
            how="reduceat a generation",
            skipped_shapes=("chain",),
        ),
        Tool("numpy", lambda case: case, _run_doubling, how="pointer doubling"),
        Tool(
            "scipy",
            lambda case: (case, peers.build_matrix(case)),
            _run_scipy,
            how="sparse product a generation",
            skipped_shapes=("chain",),
        ),
        Tool(
            "igraph",
            lambda case: (case, peers.build_igraph(case)),
            _run_igraph,
            _to_arrays,
            "topological_sorting",
            peers.MAX_PYTHON_PEER,
        ),
        Tool(
            "rustworkx",
            lambda case: (case, peers.build_rustworkx(case)),
            _run_rustworkx,
            _to_arrays,
            "topological_sort",
            peers.MAX_PYTHON_PEER,
            ("star",),
        ),
        Tool(
            "networkx",
            lambda case: (case, peers.build_networkx(case)),
            _run_networkx,
            _to_arrays,
            "topological_sort",
            peers.MAX_PYTHON_PEER,
        ),
    ),
    FORESTS,
)
OPERATIONS = (BELOW,)
