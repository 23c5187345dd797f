"""PageRank by power iteration with sparse products (scipy)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from refgraph.kernels.adjacency import build_csr, check_arcs, group_arcs
from refgraph.kernels.arrays import Float64, Int32, Int64, to_floats

if TYPE_CHECKING:
    from scipy.sparse import csr_array

ARCS_PER_RUN = 4096
"""Votes added one by one; a hub of ten million, added so, would miss the tolerance by rounding."""


def compute_pagerank(
    n: int,
    source: Int32,
    target: Int32,
    weight: Float64 | None = None,
    *,
    damping: float = 0.85,
    tolerance: float = 1e-10,
) -> Float64:
    """M39: float64[n], adding up to 1: the probability of each node on a walk that goes on with
    probability `damping`.

    x_v = (1 - d)/n + d (sum over arcs u -> v of x_u w_uv / w_u + D/n), w_u = sum of w over the arcs
    out of u, D = sum of x_u over nodes without any (Brin & Page 1998; dangling mass spread evenly).
    source, target int32[m]: arcs as voted, for M39 from referred to referrer; weight float64[m], at
    least 0, default 1, so an arc given twice counts twice. The sum of absolute errors is at most
    `tolerance`: |x - x*| <= d/(1 - d) |x - last x|. One thread; votes are added in the order of the
    arcs. Raises ValueError for an arc outside 0 .. n-1, a weight below 0 or not finite, and a
    damping outside 0 <= d < 1. Star of 29 who vote for one: 0.469 and 0.018.
    """
    if not 0.0 <= damping < 1.0 or not tolerance > 0.0:
        message = f"damping {damping} is not in 0 .. 1, or tolerance {tolerance} is not above 0"
        raise ValueError(message)
    if n == 0:
        return np.empty(0)
    return rank_by_iteration(build_votes(n, source, target, weight), damping, tolerance)


@dataclass(frozen=True, eq=False)
class Votes:
    """The arcs as a sparse matrix, in runs: row = up to ARCS_PER_RUN votes for one node, column =
    voter.
    """

    matrix: csr_array
    first_run: Int64
    """int64[n]: the first row of each node."""
    total_weight: Float64
    """float64[n]: of the votes that each node gives."""

    def add_up(self, given: Float64) -> Float64:
        """float64[n]: what each node receives if each gives `given` times the weight to each of its
        votes.
        """
        runs = self.matrix @ given
        return runs if len(runs) == len(self.first_run) else np.add.reduceat(runs, self.first_run)


def build_votes(n: int, source: Int32, target: Int32, weight: Float64 | None = None) -> Votes:
    """The arcs of `compute_pagerank` as a matrix, in their order. Raises ValueError as described
    there.
    """
    from scipy.sparse import csr_array

    source, target = check_arcs(n, source, target)
    if weight is None:
        ptr, voters = build_csr(n, target, source)
        weights = np.ones(len(voters))
    else:
        weight = to_floats(weight, len(source))
        if not (np.isfinite(weight) & (weight >= 0.0)).all():
            raise ValueError("a weight is below 0 or not finite")
        ptr, arcs = group_arcs(n, target)
        voters, weights = source[arcs], weight[arcs]
    total_weight = np.bincount(source, weights=weight, minlength=n).astype(np.float64)
    bounds, first_run = _split_into_runs(ptr)
    matrix = csr_array((weights, voters, bounds), shape=(len(bounds) - 1, n))
    return Votes(matrix, first_run, total_weight)


def rank_by_iteration(votes: Votes, damping: float, tolerance: float) -> Float64:
    """Power iteration until the error is within the tolerance.

    It ends after as many rounds as the tolerance needs in theory, should rounding keep the changes
    above it.
    """
    n = len(votes.total_weight)
    share = np.divide(1.0, votes.total_weight, out=np.zeros(n), where=votes.total_weight > 0.0)
    dangling = np.flatnonzero(share == 0.0)
    rank = np.full(n, 1.0 / n)
    rounds = math.ceil(math.log(min(tolerance / 2.0, 0.5)) / math.log(damping)) if damping else 1
    for _ in range(rounds):
        base = (1.0 - damping + damping * _sum_in_order(rank[dangling])) / n
        fresh = base + damping * votes.add_up(rank * share)
        change = float(np.abs(fresh - rank).sum())
        rank = fresh
        if change * damping <= tolerance * (1.0 - damping):
            break
    return np.asarray(rank / _sum_precisely(rank), np.float64)


def _split_into_runs(ptr: Int64) -> tuple[Int64, Int64]:
    """(bounds int64[runs+1], first_run int64[n]): each row cut into runs of at most ARCS_PER_RUN,
    at least one.
    """
    runs = np.maximum(-(-np.diff(ptr) // ARCS_PER_RUN), 1)
    first_run = np.cumsum(runs) - runs
    number = np.arange(int(runs.sum())) - np.repeat(first_run, runs)
    starts = np.repeat(ptr[:-1], runs) + number * ARCS_PER_RUN
    return np.append(starts, ptr[-1]), first_run


def _sum_in_order(x: Float64) -> float:
    """The sum from left to right, the same bits on every processor (numpy's own sum adds in
    vectors).
    """
    return float(np.cumsum(x)[-1]) if len(x) else 0.0


def _sum_precisely(x: Float64) -> float:
    """The sum by thousands, and of these sums exactly: a hundred times faster than `fsum` alone."""
    return math.fsum(np.add.reduceat(x, np.arange(0, len(x), 1024)))
