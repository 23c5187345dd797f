"""Shapley credit (M14), after a layout: from preorder and values to the credit of every party."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench_tools.graphs import FORESTS, Case
from bench_tools.timing import Operation, Tool
from refgraph.kernels import credit, forest

Numbers = np.ndarray[Any, Any]


def _build_layout(case: Case) -> Any:
    preorder = case.compute_layout()
    return preorder, case.value[preorder.order]


def _run_refgraph(state: Any) -> Any:
    preorder, w = state
    return (credit.compute_shapley_credit(preorder.parent, preorder.depth, w),)


def _to_nodes(state: Any, answer: Any) -> Any:
    return (forest.scatter_to_nodes(answer[0], state[0].order),)


def find_depths(parent: Numbers) -> Numbers:
    """numpy: number of ancestors, by pointer doubling."""
    depth = (parent >= 0).astype(np.int32)
    up = np.where(parent >= 0, parent, np.arange(len(parent), dtype=parent.dtype))
    while True:
        more = depth[up]
        if not more.any():
            return depth
        depth += more
        up = up[up]


def _run_doubling(case: Case) -> Any:
    """Sums by doubling: each node adds to its ancestors 1, 2, 4 ... generations above."""
    total = case.value / (find_depths(case.parent) + 1.0)
    node = np.flatnonzero(case.parent >= 0)
    up, step = case.parent[node], case.parent
    while len(node):
        total += np.bincount(up, weights=total[node], minlength=case.n)
        step = np.where(step >= 0, step[step], -1)
        node = node[step[node] >= 0]
        up = step[node]
    return (total,)


def _run_levels(case: Case) -> Any:
    """Generation by generation from the deepest: each is added to its parents."""
    depth = find_depths(case.parent)
    keys = depth.astype(np.int16) if depth.max(initial=0) < 2**15 else depth
    order = np.argsort(keys, kind="stable")
    ends = np.cumsum(np.bincount(depth))
    total = case.value / (depth + 1.0)
    for level in range(len(ends) - 1, 0, -1):
        node = order[ends[level - 1] : ends[level]]
        np.add.at(total, case.parent[node], total[node])
    return (total,)


def _run_sparse_product(case: Case) -> Any:
    """scipy: the sum of all powers of the adjacency matrix, one sparse product per generation."""
    from scipy.sparse import csr_array

    depth = find_depths(case.parent)
    child = case.child
    pointers = np.concatenate([[0], np.cumsum(case.parent >= 0)])
    votes = csr_array((np.ones(len(child)), case.parent[child], pointers), shape=(case.n, case.n)).T
    more = case.value / (depth + 1.0)
    total = more.copy()
    for _ in range(int(depth.max(initial=0))):
        more = votes @ more
        total += more
    return (total,)


def _run_triangular_solve(case: Case) -> Any:
    """scipy: (I - A) x = b with the nodes in order of depth, so that the matrix is triangular."""
    from scipy.sparse import csr_array
    from scipy.sparse.linalg import spsolve_triangular

    n, depth = case.n, find_depths(case.parent)
    order = np.argsort(depth, kind="stable")
    index = np.empty(n, np.int32)
    index[order] = np.arange(n, dtype=np.int32)
    parent = index[case.parent[case.child]]
    row, column = np.concatenate([parent, index]), np.concatenate([index[case.child], index])
    values = np.concatenate([np.full(len(parent), -1.0), np.ones(n)])
    matrix = csr_array((values, (row, column)), shape=(n, n))
    shares = (case.value / (depth + 1.0))[order]
    return (spsolve_triangular(matrix, shares, lower=False, unit_diagonal=True)[index],)


def _return_case(case: Case) -> Case:
    return case


DEEP_SHAPES = ("chain",)
OPERATIONS = (
    Operation(
        "Shapley credit, after layout",
        (
            Tool("refgraph", _build_layout, _run_refgraph, _to_nodes, "one pass up"),
            Tool("numpy", _return_case, _run_doubling, how="pointer doubling"),
            Tool(
                "numpy",
                _return_case,
                _run_levels,
                how="level by level",
                skipped_shapes=DEEP_SHAPES,
            ),
            Tool(
                "scipy",
                _return_case,
                _run_sparse_product,
                how="sparse product per generation",
                skipped_shapes=DEEP_SHAPES,
            ),
            Tool(
                "scipy",
                _return_case,
                _run_triangular_solve,
                how="triangular solve",
                most=1_000_000,
            ),
        ),
        FORESTS,
    ),
)
