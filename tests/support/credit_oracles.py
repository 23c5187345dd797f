"""Credit by definition, in exact fractions: Shapley values, decay, and the mean over all forests or
walks.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import factorial

import numpy as np
import pytest

from support.kernel_graphs import Arcs

Referrers = list[list[int]]


def find_ancestors(above: Referrers, v: int) -> set[int]:
    return set(above[v]).union(*(find_ancestors(above, u) for u in above[v]))


def compute_shapley_value(above: Referrers, w: list[int]) -> list[Fraction]:
    """By definition, over all coalitions S: v(S) = sum of w_i over the i in S all of whose
    ancestors are in S.
    """
    n = len(w)
    need = [sum(1 << u for u in find_ancestors(above, v)) | 1 << v for v in range(n)]
    value = [sum(w[v] for v in range(n) if need[v] & s == need[v]) for s in range(1 << n)]
    out = [Fraction(0)] * n
    for s in range(1 << n):
        size = s.bit_count()
        for j in range(n):
            if not s >> j & 1:
                weight = Fraction(factorial(size) * factorial(n - size - 1), factorial(n))
                out[j] += weight * (value[s | 1 << j] - value[s])
    return out


def compute_decay_value(parent: list[int], w: list[int], delta: Fraction) -> list[Fraction]:
    """w_i over i and its ancestors in proportion to delta^distance."""
    out = [Fraction(0)] * len(w)
    for i, worth in enumerate(w):
        path = [i]
        while parent[path[-1]] >= 0:
            path.append(parent[path[-1]])
        total = sum(delta**k for k in range(len(path)))
        for k, j in enumerate(path):
            out[j] += worth * delta**k / total
    return out


def list_referrers(graph: Arcs) -> Referrers:
    return [[u for u, x in graph.pairs() if x == v] for v in range(graph.n)]


def weight(u: int, v: int) -> int:
    return 1 + (3 * u + v) % 4


def expect_credit(graph: Arcs, w: list[int], delta: Fraction | None) -> list[Fraction]:
    """Over all choices of one referrer for each party, with the probabilities that their shares
    give.
    """
    above, out = list_referrers(graph), [Fraction(0)] * graph.n
    for choice in product(*(us or [-1] for us in above)):
        chance = Fraction(1)
        for v, u in enumerate(choice):
            if u >= 0:
                chance *= Fraction(weight(u, v), sum(weight(x, v) for x in above[v]))
        lone = [[u] if u >= 0 else [] for u in choice]
        value = (
            compute_shapley_value(lone, w)
            if delta is None
            else compute_decay_value(list(choice), w, delta)
        )
        out = [a + chance * b for a, b in zip(out, value, strict=True)]
    return out


def is_close(found: np.ndarray, exact: list[Fraction]) -> bool:
    return found.tolist() == pytest.approx([float(x) for x in exact], rel=1e-12, abs=1e-12)


def spread_along_walks(graph: Arcs, w: list[int], delta: Fraction) -> list[Fraction]:
    """Every worth is spread along each random walk up the referrers, in proportion to
    delta^distance.
    """
    above, out = list_referrers(graph), [Fraction(0)] * graph.n

    def climb(path: list[int], probability: Fraction) -> None:
        v = path[-1]
        if not above[v]:
            total = sum(delta**k for k in range(len(path)))
            for distance, x in enumerate(path):
                out[x] += probability * w[path[0]] * delta**distance / total
        for u in above[v]:
            share = Fraction(weight(u, v), sum(weight(x, v) for x in above[v]))
            climb([*path, u], probability * share)

    for v in range(graph.n):
        climb([v], Fraction(1))
    return out
