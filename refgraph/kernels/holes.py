"""Structural holes: Burt's constraint and effective size, from the triangles of the undirected simple graph (M40)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refgraph.kernels.adjacency import compressed, undirected
from refgraph.kernels.arrays import Float64, Int32, Int64
from refgraph.kernels.compile import Arguments, kernel

BOUND = 2_000_000_000
"""Pairs of neighbours looked at; some ten seconds."""


@dataclass(frozen=True)
class Holes:
    """By node; nan where a node has no neighbour."""

    constraint: Float64
    """float64[n]: c_i = sum over j of (p_ij + sum over q of p_iq p_qj)^2, p_ij = 1 / neighbours of i (Burt 1992)."""
    effective_size: Float64
    """float64[n]: neighbours less their mean number of ties with each other (Burt 1992; Borgatti 1997)."""
    degree: Int32
    """int32[n]: neighbours."""


def holes(n: int, source: Int32, target: Int32, bound: int = BOUND) -> Holes | None:
    """How little a node's neighbours know each other; direction, loops and repeated arcs do not count.

    source, target int32[m]. With d = degree and t_ij = sum over common neighbours q of 1/d_q: c_i = sum over neighbours j of
    (1 + t_ij)^2 / d_i^2. Every triangle is met once, at its member of least degree, so a hub costs no more than others:
    at most m sqrt(2 m) pairs (Chiba & Nishizeki 1985). None when more than `bound` pairs are to be looked at.
    Star with 5 leaves: hub 0.2 and 5, leaf 1 and 1. Raises ValueError for an arc outside 0 .. n-1.
    """
    ptr, dst = undirected(n, source, target)
    degree = np.diff(ptr)
    up, end = _upwards(ptr, dst, degree)
    work = int(np.diff(up)[end].sum())
    if work > bound:
        return None
    shared, ties = np.zeros(len(end)), np.zeros(n, np.int64)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = 1.0 / degree
        _triangles(up, end, part, np.full(n, -1, np.int64), shared, ties, work)
        total = np.zeros(n)
        _add_squares(up, end, shared, total)
        return Holes(total * part * part, np.asarray(degree - 2.0 * ties * part), degree.astype(np.int32))


def _upwards(ptr: Int64, dst: Int32, degree: Int64) -> tuple[Int64, Int32]:
    """Each tie once, from the end of less degree (of equal ones the smaller index) to the other."""
    origin = np.repeat(np.arange(len(degree), dtype=np.int32), degree)
    a, b = degree[origin], degree[dst]
    kept = (a < b) | ((a == b) & (origin < dst))
    return compressed(len(degree), origin[kept], dst[kept])


def _tiny() -> Arguments:
    return np.array([0, 1, 1], np.int64), np.array([1], np.int32)


@kernel(steps=lambda *given: given[-1] + 3 * len(given[1]),
        warm=lambda: (*_tiny(), np.ones(2), np.full(2, -1, np.int64), np.zeros(1), np.zeros(2, np.int64), 1))  # fmt: skip
def _triangles(up: Int64, end: Int32, part: Float64, mark: Int64, shared: Float64, ties: Int64, work: int) -> None:
    """shared[k] = sum of 1/degree over the third members of the triangles on tie k; ties[v] = triangles at v.

    `mark` tells, for the neighbours above u, which tie leads there.
    """
    for u in range(len(up) - 1):
        for k in range(up[u], up[u + 1]):
            mark[end[k]] = k
        for k in range(up[u], up[u + 1]):
            v = int(end[k])
            for j in range(up[v], up[v + 1]):
                w = int(end[j])
                i = int(mark[w])
                if i >= up[u]:
                    shared[k] += part[w]
                    shared[i] += part[v]
                    shared[j] += part[u]
                    ties[u] += 1
                    ties[v] += 1
                    ties[w] += 1


@kernel(steps=lambda up, end, shared, total: len(up) + len(end), warm=lambda: (*_tiny(), np.zeros(1), np.zeros(2)))
def _add_squares(up: Int64, end: Int32, shared: Float64, total: Float64) -> None:
    for u in range(len(up) - 1):
        for k in range(up[u], up[u + 1]):
            square = (1.0 + shared[k]) * (1.0 + shared[k])
            total[u] += square
            total[end[k]] += square
