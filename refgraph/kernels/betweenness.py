"""Betweenness: on how many shortest paths of others a node lies; directed, not normalized,
endpoints excluded (M37).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from refgraph.kernels.adjacency import build_simple_csr
from refgraph.kernels.arrays import Float64, Int32, Int64
from refgraph.kernels.brandes import sum_dependencies
from refgraph.kernels.forest import scatter_to_nodes, to_preorder
from refgraph.kernels.weak_components import label_weak_components

MAX_VISITS = 1_000_000_000
"""Visits of arcs and nodes above which only a sample of sources is searched: some ten seconds."""
MIN_SOURCES = 100
"""Smallest sample, however large the graph."""
ERROR_PROBABILITY = 0.05


@dataclass(frozen=True)
class Betweenness:
    """b(v) = sum over s, t other than v of the share of shortest paths from s to t through v."""

    values: Float64
    """float64[n], in pairs."""
    method: str
    """"forest" (exact), "exact" (Brandes) or "sampled"."""
    sources: int
    """Number of nodes searched from; 0 for a forest."""
    error: float
    """Sampled: with a probability of 95 % no value is off by more (Serfling 1974); 0.0 when exact.
    """
    standard_error: Float64
    """float64[n]: of each value; 0.0 when exact."""


def compute_betweenness(
    n: int, source: Int32, target: Int32, *, bound: int = MAX_VISITS, seed: int = 0
) -> Betweenness:
    """Betweenness of every node. source, target int32[m]; repeated arcs count once, self-loops not
    at all.

    Brandes (2001) from every node that has an arc, if that takes at most `bound` visits of arcs and
    nodes. Beyond, from a random sample of as many sources as `bound` allows (at least 100), drawn
    without replacement by `seed` and scaled up (Brandes & Pich 2007). The sample and every bit are
    the same for any number of threads. Error of a sample of k out of A sources: A R sqrt((1 - (k -
    1)/A) ln(2 n/0.05) / (2 k)), R = size of the largest weak component - 2. Chain of three: 0, 1,
    0. Raises ValueError for an arc outside 0 .. n-1.
    """
    ptr, dst = build_simple_csr(n, source, target)
    values = _compute_if_forest(ptr, dst)
    if values is not None:
        return Betweenness(values, "forest", 0, 0.0, np.zeros(n))
    active, work, largest = _estimate_work(ptr, dst)
    if work <= bound:
        values = sum_dependencies(ptr, dst, active, work)[0]
        return Betweenness(values, "exact", len(active), 0.0, np.zeros(n))
    k = min(len(active), max(MIN_SOURCES, int(bound * len(active) / work)))
    sample = _draw_sample(active, k, seed)
    total, squares = sum_dependencies(ptr, dst, sample, work * k // len(active))
    return _scale_up_sample(total, squares, len(active), k, largest)


def compute_forest_betweenness(size: Int32, depth: Int32) -> Int64:
    """M37 on a forest: ancestors times descendants. size, depth int32[n] as in `Preorder`;
    int64[n], in pairs.
    """
    return np.asarray(depth.astype(np.int64) * (size.astype(np.int64) - 1), np.int64)


def _compute_if_forest(ptr: Int64, dst: Int32) -> Float64 | None:
    """Betweenness by the closed form; None if a node has two parents or lies on a cycle."""
    n = len(ptr) - 1
    if len(dst) and int(np.bincount(dst).max()) > 1:
        return None
    parent = np.full(n, -1, np.int32)
    parent[dst] = np.repeat(np.arange(n, dtype=np.int32), np.diff(ptr))
    try:
        forest = to_preorder(parent)
    except ValueError:  # a cycle
        return None
    values = compute_forest_betweenness(forest.size, forest.depth).astype(np.float64)
    return np.asarray(scatter_to_nodes(values, forest.order), np.float64)


def _estimate_work(ptr: Int64, dst: Int32) -> tuple[Int32, int, int]:
    """(nodes that have an arc, most visits of arcs and nodes from all of them, size of the largest
    weak component).
    """
    n, degree = len(ptr) - 1, np.diff(ptr)
    label = label_weak_components(n, np.repeat(np.arange(n, dtype=np.int32), degree), dst)
    has_arc = degree > 0
    members = np.bincount(label, minlength=n)
    arcs = np.bincount(label, weights=degree, minlength=n)
    searches = np.bincount(label, weights=has_arc, minlength=n)
    work = math.fsum((members + arcs) * searches)
    return np.flatnonzero(has_arc).astype(np.int32), int(work), int(members.max(initial=0))


def _draw_sample(active: Int32, k: int, seed: int) -> Int32:
    """The k nodes whose indices hash lowest together with the seed (splitmix64), in increasing
    order.
    """
    with np.errstate(over="ignore"):
        x = active.astype(np.uint64) + np.uint64(1) + np.uint64(seed % 2**32) * np.uint64(2**32)
        x = x * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x ^= x >> np.uint64(31)
    return np.sort(active[np.argpartition(x, k - 1)[:k]])


def _scale_up_sample(
    total: Float64, squares: Float64, sources: int, k: int, largest: int
) -> Betweenness:
    """The estimate from k of `sources` sources, with its errors."""
    n, unsampled = len(total), 1.0 - (k - 1) / sources
    deviation = math.sqrt(unsampled * math.log(2 * n / ERROR_PROBABILITY) / (2 * k))
    error = sources * (largest - 2) * deviation
    mean = total / k
    variance = np.maximum(squares - k * mean * mean, 0.0) / (k - 1)
    standard_error = sources * np.sqrt(variance * (1.0 - k / sources) / k)
    values = total * (sources / k)
    return Betweenness(values, "sampled", k, error, np.asarray(standard_error, np.float64))
