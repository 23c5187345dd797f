"""The three passes behind `credit.compute_mixture_credit`: a distribution over depths for each
party.

Party v can have low[v] .. high[v] ancestors. What is stored per depth lies in one long array, the
number for depth d of v at start[v] + d - low[v].
"""

from __future__ import annotations

from refgraph.kernels.arrays import Float64, Int32, Int64
from refgraph.kernels.compilation import kernel


@kernel(steps=lambda order, in_ptr, in_src, low, high: len(order) + len(in_src))
def find_depth_ranges(order: Int32, in_ptr: Int64, in_src: Int32, low: Int64, high: Int64) -> None:
    """Fill the smallest and the greatest number of ancestors that each party can have; zeros
    before.
    """
    for i in range(len(order)):
        v = order[i]
        for k in range(in_ptr[v], in_ptr[v + 1]):
            u = in_src[k]
            if k == in_ptr[v] or low[u] + 1 < low[v]:
                low[v] = low[u] + 1
            if high[u] + 1 > high[v]:
                high[v] = high[u] + 1


@kernel(
    steps=lambda order, in_ptr, in_src, in_share, low, high, start, probability: (
        len(probability) + len(in_src)
    )
)
def carry_down(
    order: Int32,
    in_ptr: Int64,
    in_src: Int32,
    in_share: Float64,
    low: Int64,
    high: Int64,
    start: Int64,
    probability: Float64,
) -> None:
    """Fill the probability that each party has so many ancestors (A_v of M15); zeros before."""
    for i in range(len(order)):
        v = order[i]
        if in_ptr[v] == in_ptr[v + 1]:
            probability[start[v]] = 1.0
        for k in range(in_ptr[v], in_ptr[v + 1]):
            u = in_src[k]
            first = start[v] + low[u] + 1 - low[v]
            for d in range(high[u] - low[u] + 1):
                probability[first + d] += in_share[k] * probability[start[u] + d]


@kernel(
    steps=lambda order, out_ptr, out_dst, out_share, low, high, start, probability, *rest: (
        len(probability) + len(out_dst)
    )
)
def carry_up(
    order: Int32,
    out_ptr: Int64,
    out_dst: Int32,
    out_share: Float64,
    low: Int64,
    high: Int64,
    start: Int64,
    probability: Float64,
    worth: Float64,
    w: Float64,
    norm: Float64,
    delta: float,
    credit: Float64,
    own: Float64,
) -> None:
    """Fill the worth at each depth (F_v of M15), and add its expectation to `credit` and that of
    the own part to `own`.
    """
    for i in range(len(order) - 1, -1, -1):
        v = order[i]
        for d in range(high[v] - low[v] + 1):
            depth = low[v] + d
            own_part = w[v] / norm[depth]
            total = own_part
            for k in range(out_ptr[v], out_ptr[v + 1]):
                c = out_dst[k]
                total += delta * out_share[k] * worth[start[c] + depth + 1 - low[c]]
            worth[start[v] + d] = total
            credit[v] += probability[start[v] + d] * total
            own[v] += probability[start[v] + d] * own_part
