"""Betweenness: on how many shortest ways of others a node stands; directed, not normalised, ends left out (M37)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from refgraph.kernels.adjacency import simple
from refgraph.kernels.arrays import Bool, Float64, Int32, Int64
from refgraph.kernels.brandes import dependencies
from refgraph.kernels.forest import layout, scatter
from refgraph.kernels.weak import components

BOUND = 1_000_000_000
"""Arcs and nodes visited, from which a sample is searched: some ten seconds."""
FEWEST = 100
"""Nodes searched from at least, however large the graph."""
DOUBT = 0.05


@dataclass(frozen=True)
class Betweenness:
    """b(v) = sum over s, t other than v of the share of the shortest ways from s to t that pass v."""

    values: Float64
    """float64[n], in pairs."""
    how: str
    """"forest" (d D, exact), "exact" (Brandes) or "sampled"."""
    sources: int
    """Nodes searched from; for a forest none."""
    error: float
    """Sampled: with a chance of 95 % no value is off by more (Serfling 1974); 0.0 when exact."""
    standard_error: Float64
    """float64[n]: of each value; 0.0 when exact."""


def betweenness(n: int, source: Int32, target: Int32, *, bound: int = BOUND, seed: int = 0) -> Betweenness:
    """Betweenness of every node. source, target int32[m]; arcs count once and not from a node to itself.

    Brandes (2001) from every node that has an arc, as long as that visits at most `bound` arcs and nodes; beyond, from a
    random sample of as many as `bound` allows (100 at least), drawn without replacement by `seed`, each standing for as
    many (Brandes & Pich 2007). The sample and every bit are the same for any number of threads.
    Error of a sample of k out of A nodes: A R sqrt((1 - (k - 1)/A) ln(2 n/0.05) / (2 k)), R = members of the largest weak
    component - 2. Chain of three: 0, 1, 0. Raises ValueError for an arc outside 0 .. n-1.
    """
    ptr, dst = simple(n, source, target)
    known = _of_forest(ptr, dst)
    if known is not None:
        return Betweenness(known, "forest", 0, 0.0, np.zeros(n))
    active, work, largest = _work(ptr, dst)
    if work <= bound:
        return Betweenness(dependencies(ptr, dst, active, work)[0], "exact", len(active), 0.0, np.zeros(n))
    k = min(len(active), max(FEWEST, int(bound * len(active) / work)))
    total, squares = dependencies(ptr, dst, _sample(active, k, seed), work * k // len(active))
    return _estimate(total, squares, len(active), k, largest)


def forest_betweenness(size: Int32, depth: Int32) -> Int64:
    """M37: b(v) = d(v) D(v), ancestors times descendants. size, depth int32[n] as of a layout; int64[n], in pairs."""
    return np.asarray(depth.astype(np.int64) * (size.astype(np.int64) - 1), np.int64)


def _of_forest(ptr: Int64, dst: Int32) -> Float64 | None:
    n = len(ptr) - 1
    if len(dst) and int(np.bincount(dst).max()) > 1:
        return None
    parent = np.full(n, -1, np.int32)
    parent[dst] = np.repeat(np.arange(n, dtype=np.int32), np.diff(ptr))
    try:
        laid = layout(parent)
    except ValueError:  # a loop
        return None
    values = forest_betweenness(laid.size, laid.depth).astype(np.float64)
    return np.asarray(scatter(values, laid.order), np.float64)


def _work(ptr: Int64, dst: Int32) -> tuple[Int32, int, int]:
    """The nodes that have an arc; arcs and nodes visited at most from all of them; members of the largest component."""
    n, degree = len(ptr) - 1, np.diff(ptr)
    label = components(n, np.repeat(np.arange(n, dtype=np.int32), degree), dst)
    starts: Bool = degree > 0
    members = np.bincount(label, minlength=n)
    arcs = np.bincount(label, weights=degree, minlength=n)
    work = math.fsum((members + arcs) * np.bincount(label, weights=starts, minlength=n))
    return np.flatnonzero(starts).astype(np.int32), int(work), int(members.max(initial=0))


def _sample(active: Int32, k: int, seed: int) -> Int32:
    """The k nodes whose numbers come first when mixed with the seed (splitmix64), in increasing order."""
    with np.errstate(over="ignore"):
        x = (active.astype(np.uint64) + np.uint64(1) + np.uint64(seed % 2**32) * np.uint64(2**32)) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x ^= x >> np.uint64(31)
    return np.sort(active[np.argpartition(x, k - 1)[:k]])


def _estimate(total: Float64, squares: Float64, everyone: int, k: int, largest: int) -> Betweenness:
    n, left = len(total), 1.0 - (k - 1) / everyone
    values = total * (everyone / k)
    error = everyone * (largest - 2) * math.sqrt(left * math.log(2 * n / DOUBT) / (2 * k))
    mean = total / k
    variance = np.maximum(squares - k * mean * mean, 0.0) / (k - 1)
    spread = everyone * np.sqrt(variance * (1.0 - k / everyone) / k)
    return Betweenness(values, "sampled", k, error, np.asarray(spread, np.float64))
