"""Credit: every party's fair part of the value that referrals brought. All rules add up to the value there is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refgraph.kernels.acyclic import topological
from refgraph.kernels.arrays import Float64, Int32, Int64, floats
from refgraph.kernels.compile import Arguments, kernel
from refgraph.kernels.passes import sums_up
from refgraph.kernels.reach import distinct

BOUND = 50_000_000


@dataclass(frozen=True)
class Parts:
    """float64[n] each: the whole credit, and the part of it that is of the own value."""

    credit: Float64
    own: Float64


def shapley(parent: Int32, depth: Int32, w: Float64) -> Float64:
    """M14 on a forest: phi_j = sum over i in the subtree of j of w_i / (d(i) + 1). All by place; float64[n].

    Game v(S) = sum of w_i over the i in S whose ancestors are all in S (Gilles, Owen & van den Brink 1992). Chain
    10-10-10: 55/3, 25/3, 10/3.
    """
    return sums_up(parent, w / (depth + 1.0))


def decay(parent: Int32, depth: Int32, w: Float64, delta: float) -> Parts:
    """M16 on a forest: w_i over i and its ancestors in proportion to delta^distance. All by place.

    phi_j = sum over i in the subtree of j of w_i delta^(d(i)-d(j)) / (1 + delta + ... + delta^d(i)), 0 <= delta <= 1.
    Delta 1 is Shapley's rule, delta 0 leaves everything with its owner. Chain 10-10-10 at 0.5:
    310/21, 200/21, 40/7.
    """
    own = w / _norms(int(depth.max(initial=0)), delta)[depth]
    return Parts(sums_up(parent, own, delta), own)


def mixture(in_ptr: Int64, in_src: Int32, in_share: Float64, out_ptr: Int64, out_dst: Int32, out_share: Float64,
            w: Float64, delta: float = 1.0, bound: int = BOUND) -> Parts | None:
    """M15: the expectation of M14 over the forests in which the referrer of v is u with probability s_uv.

    A_v[k] = sum_u s_uv A_u[k-1], F_v[k] = w_v g(k) + delta sum_c s_vc F_c[k+1], phi_v = sum_k A_v[k] F_v[k], with
    g(k) = 1 / (1 + delta + ... + delta^k): 1/(k+1) for delta 1, else the rule of decay (M16). Each party keeps only the
    depths from the least to the greatest that it can have, so a forest costs O(n). in_*: the arcs by referred, out_*: by
    referrer (ptr int64[n+1], ends int32[m], shares float64[m]); w float64[n]. Returns None when the depths to keep and to
    carry pass ``bound``. Raises ValueError on a loop. A customer of 10 referred half by each of two: 5, 2.5, 2.5.
    """
    n = len(w)
    order = topological(in_ptr, out_ptr, out_dst)
    low, high = np.zeros(n, np.int64), np.zeros(n, np.int64)
    _depths(order, in_ptr, in_src, low, high)
    at = np.concatenate([np.zeros(1, np.int64), np.cumsum(high - low + 1)])
    work = int(((high - low + 1)[in_src]).sum()) + int(at[-1])
    if work > bound:
        return None
    chance, worth = np.zeros(int(at[-1])), np.zeros(int(at[-1]))
    credit, own = np.zeros(n), np.zeros(n)
    _down(order, in_ptr, in_src, in_share, low, high, at, chance)
    norm = _norms(int(high.max(initial=0)), delta)
    _up(order, out_ptr, out_dst, out_share, low, high, at, chance, worth, w, norm, float(delta), credit, own)
    return Parts(credit, own)


def conjunctive(in_ptr: Int64, in_src: Int32, out_ptr: Int64, out_dst: Int32, w: Float64,
                bound: int = BOUND) -> Parts | None:
    """M15, conjunctive: w_i split equally over i and all its distinct ancestors, whatever the shares.

    The Shapley value of M14's game on a graph of several referrers. None when the searches for ancestors or for
    descendants visit more than ``bound`` arcs. Raises ValueError on a loop. A customer of 10 referred by two: 10/3 each.
    """
    above, _ = distinct(out_ptr, in_ptr, in_src, np.zeros(len(w)), bound)
    if (above < 0).any():
        return None
    own = w / (above + 1.0)
    below, earned = distinct(in_ptr, out_ptr, out_dst, own, bound)
    return None if (below < 0).any() else Parts(own + earned, own)


def direct(in_ptr: Int64, in_src: Int32, in_share: Float64, w: Float64) -> Parts:
    """M16, direct: w_i to the referrers of i by their shares; who has none keeps the own.

    in_ptr int64[n+1], in_src int32[m], in_share float64[m]: the arcs by referred; loops do no harm. Chain 10-10-10: 20, 10, 0.
    """
    own = np.where(np.diff(in_ptr) > 0, 0.0, floats(w, len(in_ptr) - 1))
    credit = own.copy()
    _give(in_ptr, in_src, floats(in_share, len(in_src)), floats(w, len(own)), credit)
    return Parts(credit, own)


def _norms(deepest: int, delta: float) -> Float64:
    """float64[deepest+1]: 1 + delta + ... + delta^k, what the parts of a party with k ancestors are divided by."""
    powers = np.full(deepest + 1, float(delta))
    powers[0] = 1.0
    return np.asarray(np.cumsum(np.cumprod(powers)), np.float64)


@kernel(steps=lambda in_ptr, in_src, in_share, w, credit: len(in_ptr) + len(in_src),
        warm=lambda: (np.array([0, 1], np.int64), np.zeros(1, np.int32), np.ones(1), np.ones(1), np.ones(1)))  # fmt: skip
def _give(in_ptr: Int64, in_src: Int32, in_share: Float64, w: Float64, credit: Float64) -> None:
    for v in range(len(in_ptr) - 1):
        for k in range(in_ptr[v], in_ptr[v + 1]):
            credit[in_src[k]] += in_share[k] * w[v]


def _tiny_depths() -> Arguments:
    """One arc, 0 -> 1, as `in_ptr`, `in_src`, and room for the depths."""
    arc = np.array([0, 0, 1], np.int64), np.zeros(1, np.int32)
    return np.arange(2, dtype=np.int32), *arc, np.array([0, 1]), np.array([0, 1])


@kernel(steps=lambda order, in_ptr, in_src, low, high: len(order) + len(in_src), warm=_tiny_depths)
def _depths(order: Int32, in_ptr: Int64, in_src: Int32, low: Int64, high: Int64) -> None:
    """Least and greatest number of ancestors that each node can have."""
    for i in range(len(order)):
        v = order[i]
        for k in range(in_ptr[v], in_ptr[v + 1]):
            u = in_src[k]
            if k == in_ptr[v] or low[u] + 1 < low[v]:
                low[v] = low[u] + 1
            if high[u] + 1 > high[v]:
                high[v] = high[u] + 1


def _tiny_down() -> Arguments:
    order, in_ptr, in_src, low, high = _tiny_depths()
    return order, in_ptr, in_src, np.ones(1), low, high, np.arange(3), np.zeros(2)


@kernel(steps=lambda order, in_ptr, in_src, in_share, low, high, at, chance: len(chance) + len(in_src), warm=_tiny_down)
def _down(order: Int32, in_ptr: Int64, in_src: Int32, in_share: Float64, low: Int64, high: Int64, at: Int64,
          chance: Float64) -> None:
    """chance[at[v] + k - low[v]] = probability that v has k ancestors."""
    for i in range(len(order)):
        v = order[i]
        if in_ptr[v] == in_ptr[v + 1]:
            chance[at[v]] = 1.0
        for k in range(in_ptr[v], in_ptr[v + 1]):
            u = in_src[k]
            shift = at[v] + low[u] + 1 - low[v]
            for d in range(high[u] - low[u] + 1):
                chance[shift + d] += in_share[k] * chance[at[u] + d]


def _tiny_up() -> Arguments:
    order, _, _, share, low, high, at, chance = _tiny_down()
    arc = np.array([0, 1, 1], np.int64), np.ones(1, np.int32)
    return order, *arc, share, low, high, at, chance, chance, np.ones(2), np.ones(2), 0.5, np.zeros(2), np.zeros(2)


@kernel(steps=lambda order, out_ptr, out_dst, out_share, low, high, at, chance, *rest: len(chance) + len(out_dst),
        warm=_tiny_up)  # fmt: skip
def _up(order: Int32, out_ptr: Int64, out_dst: Int32, out_share: Float64, low: Int64, high: Int64, at: Int64,
        chance: Float64, worth: Float64, w: Float64, norm: Float64, delta: float, credit: Float64, own: Float64) -> None:
    """worth[at[v] + k - low[v]] = F_v[k]; its expectation over k is the credit."""
    for i in range(len(order) - 1, -1, -1):
        v = order[i]
        for d in range(high[v] - low[v] + 1):
            depth = low[v] + d
            mine = w[v] / norm[depth]
            total = mine
            for k in range(out_ptr[v], out_ptr[v + 1]):
                c = out_dst[k]
                total += delta * out_share[k] * worth[at[c] + depth + 1 - low[c]]
            worth[at[v] + d] = total
            credit[v] += chance[at[v] + d] * total
            own[v] += chance[at[v] + d] * mine
