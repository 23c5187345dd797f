"""Structural holes: Burt's constraint and effective size, from the triangles of the undirected
simple graph (M40).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refgraph.kernels.adjacency import build_csr, build_undirected_csr
from refgraph.kernels.arrays import Float64, Int32, Int64
from refgraph.kernels.compilation import kernel

MAX_PAIRS = 2_000_000_000
"""Pairs of neighbors to look at: some ten seconds."""


@dataclass(frozen=True)
class StructuralHoles:
    """Arrays by node; constraint and effective size are nan for a node without neighbors."""

    constraint: Float64
    """float64[n]: c_i = sum over j of (p_ij + sum over q of p_iq p_qj)^2, p_ij = 1 / neighbors of
    i (Burt 1992).
    """
    effective_size: Float64
    """float64[n]: neighbors minus their mean number of ties to one another (Burt 1992; Borgatti
    1997).
    """
    degree: Int32
    """int32[n]: number of neighbors."""


def compute_structural_holes(
    n: int, source: Int32, target: Int32, bound: int = MAX_PAIRS
) -> StructuralHoles | None:
    """How little the neighbors of a node know one another; direction, self-loops and repeated arcs
    are ignored.

    source, target int32[m]. With d = degree and t_ij = sum over common neighbors q of 1/d_q: c_i =
    sum over neighbors j of (1 + t_ij)^2 / d_i^2. Each triangle is found once, at its member of
    least degree, so a hub costs no more than other nodes: at most m sqrt(2 m) pairs (Chiba &
    Nishizeki 1985). None if more than `bound` pairs would be looked at. Star with 5 leaves: hub 0.2
    and 5, leaf 1 and 1. Raises ValueError for an arc outside 0 .. n-1.
    """
    ptr, dst = build_undirected_csr(n, source, target)
    degree = np.diff(ptr)
    up_ptr, up_dst = _orient_by_degree(ptr, dst, degree)
    work = int(np.diff(up_ptr)[up_dst].sum())
    if work > bound:
        return None
    shared, ties, squares = np.zeros(len(up_dst)), np.zeros(n, np.int64), np.zeros(n)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = 1.0 / degree
        _count_triangles(up_ptr, up_dst, share, np.full(n, -1, np.int64), shared, ties, work)
        _add_squares(up_ptr, up_dst, shared, squares)
        constraint = squares * share * share
        effective_size = np.asarray(degree - 2.0 * ties * share)
    return StructuralHoles(constraint, effective_size, degree.astype(np.int32))


def _orient_by_degree(ptr: Int64, dst: Int32, degree: Int64) -> tuple[Int64, Int32]:
    """Each tie once, from the end of smaller degree (if equal, of smaller index) to the other."""
    origin = np.repeat(np.arange(len(degree), dtype=np.int32), degree)
    a, b = degree[origin], degree[dst]
    is_up = (a < b) | ((a == b) & (origin < dst))
    return build_csr(len(degree), origin[is_up], dst[is_up])


@kernel(steps=lambda *arguments: arguments[-1] + 3 * len(arguments[1]))
def _count_triangles(
    ptr: Int64, dst: Int32, share: Float64, mark: Int64, shared: Float64, ties: Int64, work: int
) -> None:
    """shared[k] = sum of 1/degree over the third members of the triangles on tie k; ties[v] =
    number of triangles at v.

    mark[w] is the tie from the current node to its upper neighbor w.
    """
    for u in range(len(ptr) - 1):
        for k in range(ptr[u], ptr[u + 1]):
            mark[dst[k]] = k
        for k in range(ptr[u], ptr[u + 1]):
            v = int(dst[k])
            for j in range(ptr[v], ptr[v + 1]):
                w = int(dst[j])
                i = int(mark[w])
                if i >= ptr[u]:
                    shared[k] += share[w]
                    shared[i] += share[v]
                    shared[j] += share[u]
                    ties[u] += 1
                    ties[v] += 1
                    ties[w] += 1


@kernel(steps=lambda ptr, dst, shared, total: len(ptr) + len(dst))
def _add_squares(ptr: Int64, dst: Int32, shared: Float64, total: Float64) -> None:
    """Add (1 + t)^2 of every tie to both of its ends."""
    for u in range(len(ptr) - 1):
        for k in range(ptr[u], ptr[u + 1]):
            square = (1.0 + shared[k]) * (1.0 + shared[k])
            total[u] += square
            total[dst[k]] += square
