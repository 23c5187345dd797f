"""Shapley credit (M14), asked once: from the array of referrers and the values to everybody's credit."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench_tools.depth import doubling
from bench_tools.graphs import FORESTS, Case
from bench_tools.timing import Operation, Tool
from refgraph.kernels import credit, forest, once


def _ours(case: Case) -> Any:
    return (once.shapley_once(case.parent, case.value),)


def _laid(state: Any) -> Any:
    laid, w = state
    return (credit.shapley(laid.parent, laid.depth, w),)


def _laid_build(case: Case) -> Any:
    laid = case.laid()
    return laid, case.value[laid.order]


def _doubling(case: Case) -> Any:
    """Depth and sums up in the same rounds: everybody adds to whoever stands 1, 2, 4 ... above."""
    depth, _ = doubling(case.parent)
    total, node = case.value / (depth + 1.0), np.flatnonzero(case.parent >= 0)
    up, step = case.parent[node], case.parent
    while len(node):
        total += np.bincount(up, weights=total[node], minlength=case.n)
        step = np.where(step >= 0, step[step], -1)
        node = node[step[node] >= 0]
        up = step[node]
    return (total,)


def _levels(case: Case) -> Any:
    """Depth by doubling, then the deepest generation first, each added to its parents."""
    depth, _ = doubling(case.parent)
    order = np.argsort(depth.astype(np.int16) if depth.max(initial=0) < 2**15 else depth, kind="stable")
    ends = np.cumsum(np.bincount(depth))
    total = case.value / (depth + 1.0)
    for level in range(len(ends) - 1, 0, -1):
        node = order[ends[level - 1] : ends[level]]
        np.add.at(total, case.parent[node], total[node])
    return (total,)


def _product(case: Case) -> Any:
    """scipy: the sum of all powers of the adjacency, one sparse product a generation."""
    from scipy.sparse import csr_array

    depth, _ = doubling(case.parent)
    child = case.child
    pointers = np.concatenate([[0], np.cumsum(case.parent >= 0)])
    votes = csr_array((np.ones(len(child)), case.parent[child], pointers), shape=(case.n, case.n)).T
    more = case.value / (depth + 1.0)
    total = more.copy()
    for _ in range(int(depth.max(initial=0))):
        more = votes @ more
        total += more
    return (total,)


def _solve(case: Case) -> Any:
    """scipy: (I - A) x = b with everybody in order of depth, so that the matrix is triangular."""
    from scipy.sparse import csr_array
    from scipy.sparse.linalg import spsolve_triangular

    n, (depth, _) = case.n, doubling(case.parent)
    order = np.argsort(depth, kind="stable")
    place = np.empty(n, np.int32)
    place[order] = np.arange(n, dtype=np.int32)
    above = place[case.parent[case.child]]
    row, column = np.concatenate([above, place]), np.concatenate([place[case.child], place])
    ones = np.concatenate([np.full(len(above), -1.0), np.ones(n)])
    matrix = csr_array((ones, (row, column)), shape=(n, n))
    return (spsolve_triangular(matrix, (case.value / (depth + 1.0))[order], lower=False, unit_diagonal=True)[place],)


ONCE = Operation("Shapley credit, asked once", (
    Tool("refgraph", lambda case: case, _ours, how="generation by generation"),
    Tool("numpy", lambda case: case, _doubling, how="pointer doubling"),
    Tool("numpy", lambda case: case, _levels, how="level by level", spared=("chain",)),
    Tool("scipy", lambda case: case, _product, how="sparse product a generation", spared=("chain",)),
    Tool("scipy", lambda case: case, _solve, how="triangular solve", most=1_000_000),
), FORESTS)  # fmt: skip
AFTER = Operation("Shapley credit, after layout", (
    Tool("refgraph", _laid_build, _laid, lambda state, answer: (forest.scatter(answer[0], state[0].order),), "one pass up"),
    *ONCE.tools[1:3],
), FORESTS)  # fmt: skip
OPERATIONS = (ONCE, AFTER)
