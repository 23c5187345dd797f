"""Random reverse-reachable sets: who would have reached a random node in a random cascade."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.arrays import Float64, Int32, Int64
from refgraph.kernels.compilation import kernel, subroutine

FIRST_MODULUS, SECOND_MODULUS = 2_147_483_563, 2_147_483_399
SKIP_FROM = 4
"""Arcs into a node from which the next success is drawn at once."""
FIRST_ROOM = 16
LARGE, STEPS_EACH = 20_000, 400
"""Arcs from which compiling pays: many blocks will be drawn."""


def draw_reverse_sets(
    in_ptr: Int64, in_src: Int32, p: Float64, log_miss: Float64, roots: Int32, seed: int
) -> tuple[Int64, Int32]:
    """(ptr int64[s+1], nodes int32): the set of each root, itself first.

    in_ptr int64[n+1], in_src int32[m], p float64[m]: arcs by target, and the chance of each.
    log_miss float64[n]: log(1 − p) of a node all of whose arcs have the same chance below 1, else 0
    (SUBSIM: Guo et al., SIGMOD 2020). roots int32[s]. seed: of this block; the same sets for the
    same seed (L'Ecuyer 1988).
    """
    work = len(roots) * (STEPS_EACH if len(in_src) >= LARGE else 1)
    n, room = len(in_ptr) - 1, FIRST_ROOM * len(roots) + 1024
    ptr = np.zeros(len(roots) + 1, np.int64)
    while True:
        state = np.array([1 + seed % (FIRST_MODULUS - 1), 1 + seed % (SECOND_MODULUS - 1)])
        nodes, stamp = np.empty(room, np.int32), np.full(n, -1, np.int32)
        filled = _draw(in_ptr, in_src, p, log_miss, roots, state, stamp, nodes, ptr, work)
        if filled >= 0:
            return ptr, nodes[:filled].copy()
        room *= 4


@kernel(steps=lambda *arguments: arguments[-1])
def _draw(
    in_ptr: Int64,
    in_src: Int32,
    p: Float64,
    log_miss: Float64,
    roots: Int32,
    state: Int64,
    stamp: Int32,
    nodes: Int32,
    ptr: Int64,
    work: int,
) -> int:
    """Fill `nodes` and `ptr`; returns how many nodes there are, -1 if there is no room. `work`,
    about the number of steps, only decides who runs it.
    """
    end = 0
    for s in range(len(roots)):
        head = end
        if end == len(nodes):
            return -1
        nodes[end] = roots[s]
        stamp[roots[s]] = s
        end += 1
        while head < end:
            v = int(nodes[head])
            head += 1
            first, last = int(in_ptr[v]), int(in_ptr[v + 1])
            if end + last - first > len(nodes):
                return -1
            skips = last - first >= SKIP_FROM and log_miss[v] < 0.0
            k = first - 1
            while True:
                k += 1 + (int(np.log(_draw_number(state)) / log_miss[v]) if skips else 0)
                if k >= last:
                    break
                if (skips or _draw_number(state) < p[k]) and stamp[in_src[k]] != s:
                    stamp[in_src[k]] = s
                    nodes[end] = in_src[k]
                    end += 1
        ptr[s + 1] = end
    return end


@subroutine
def _draw_number(state: Int64) -> float:
    """A number between 0 and 1, both excluded; two multiplicative generators combined."""
    a = 40014 * int(state[0]) % FIRST_MODULUS
    b = 40692 * int(state[1]) % SECOND_MODULUS
    state[0] = a
    state[1] = b
    z = a - b
    if z < 1:
        z += FIRST_MODULUS - 1
    return z / FIRST_MODULUS
