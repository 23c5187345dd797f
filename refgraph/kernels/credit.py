"""Credit: each party's fair part of the value that referrals brought. Every rule distributes
exactly the value there is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refgraph.kernels.arrays import Float64, Int32, Int64
from refgraph.kernels.mixture import carry_down, carry_up, find_depth_ranges
from refgraph.kernels.passes import sum_up
from refgraph.kernels.reach import compute_reach
from refgraph.kernels.topological_order import sort_topologically

MAX_WORK = 50_000_000


@dataclass(frozen=True)
class CreditParts:
    """float64[n] each: the whole credit of a party, and the part of it that comes from its own
    value.
    """

    credit: Float64
    own: Float64


def compute_shapley_credit(parent: Int32, depth: Int32, w: Float64) -> Float64:
    """M14 on a forest in preorder: phi_j = sum over i in the subtree of j of w_i / (d(i) + 1);
    float64[n].

    The Shapley value of the game v(S) = sum of w_i over the i in S whose ancestors are all in S
    (Gilles, Owen & van den Brink 1992). Chain 10-10-10: 55/3, 25/3, 10/3.
    """
    return sum_up(parent, w / (depth + 1.0))


def compute_decay_credit(parent: Int32, depth: Int32, w: Float64, delta: float) -> CreditParts:
    """M16 on a forest in preorder: w_i is split over i and its ancestors in proportion to
    delta^distance.

    phi_j = sum over i in the subtree of j of w_i delta^(d(i)-d(j)) / (1 + delta + ... +
    delta^d(i)), 0 <= delta <= 1. Delta 1 is Shapley's rule, delta 0 leaves everything with its
    owner. Chain 10-10-10 at 0.5: 310/21, 200/21, 40/7.
    """
    own = w / _compute_norms(int(depth.max(initial=0)), delta)[depth]
    return CreditParts(sum_up(parent, own, delta), own)


def compute_mixture_credit(
    in_ptr: Int64,
    in_src: Int32,
    in_share: Float64,
    out_ptr: Int64,
    out_dst: Int32,
    out_share: Float64,
    w: Float64,
    delta: float = 1.0,
    bound: int = MAX_WORK,
) -> CreditParts | None:
    """M15: the expectation of M14 over the forests in which the referrer of v is u with probability
    s_uv.

    A_v[k] = sum_u s_uv A_u[k-1], F_v[k] = w_v g(k) + delta sum_c s_vc F_c[k+1], phi_v = sum_k
    A_v[k] F_v[k], with g(k) = 1 / (1 + delta + ... + delta^k): 1/(k+1) for delta 1, else the rule
    of decay (M16). Each party stores only the depths it can have, so a forest costs O(n). in_*: the
    arcs by referred, out_*: by referrer (ptr int64[n+1], ends int32[m], shares float64[m]); w
    float64[n]. None if more than `bound` depths are to be stored and carried. Raises ValueError on
    a cycle. A customer of 10 referred half by each of two: 5, 2.5, 2.5.
    """
    n = len(w)
    order = sort_topologically(in_ptr, out_ptr, out_dst)
    low, high = np.zeros(n, np.int64), np.zeros(n, np.int64)
    find_depth_ranges(order, in_ptr, in_src, low, high)
    depths = high - low + 1
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(depths)])
    if int(depths[in_src].sum()) + int(start[-1]) > bound:
        return None
    probability, worth = np.zeros(int(start[-1])), np.zeros(int(start[-1]))
    credit, own = np.zeros(n), np.zeros(n)
    ranges = (low, high, start, probability)
    carry_down(order, in_ptr, in_src, in_share, *ranges)
    norm = _compute_norms(int(high.max(initial=0)), delta)
    out_arcs = (out_ptr, out_dst, out_share)
    carry_up(order, *out_arcs, *ranges, worth, w, norm, float(delta), credit, own)
    return CreditParts(credit, own)


def compute_conjunctive_credit(
    in_ptr: Int64, in_src: Int32, out_ptr: Int64, out_dst: Int32, w: Float64, bound: int = MAX_WORK
) -> CreditParts | None:
    """M15, conjunctive: w_i is split equally over i and all its distinct ancestors, whatever the
    shares.

    The Shapley value of M14's game on a graph of several referrers. None if the searches for
    ancestors or for descendants visit more than `bound` arcs. Raises ValueError on a cycle. A
    customer of 10 referred by two: 10/3 each.
    """
    ancestors, _ = compute_reach(out_ptr, in_ptr, in_src, np.zeros(len(w)), bound)
    if (ancestors < 0).any():
        return None
    own = w / (ancestors + 1.0)
    descendants, earned = compute_reach(in_ptr, out_ptr, out_dst, own, bound)
    return None if (descendants < 0).any() else CreditParts(own + earned, own)


def _compute_norms(deepest: int, delta: float) -> Float64:
    """float64[deepest+1]: 1 + delta + ... + delta^k, the divisor for a party with k ancestors."""
    powers = np.full(deepest + 1, float(delta))
    powers[0] = 1.0
    return np.asarray(np.cumsum(np.cumprod(powers)), np.float64)
