"""Credit against the Shapley value by its definition and against every possible forest, in exact fractions."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_graphs import Arcs, arcs, both, dags, few, flow, forests, many

from refgraph.kernels import credit
from refgraph.kernels.forest import layout

pytestmark = pytest.mark.filterwarnings("error")
Referrers = list[list[int]]
WORTH = st.integers(-20, 100)


def ancestors(above: Referrers, v: int) -> set[int]:
    return set(above[v]).union(*(ancestors(above, u) for u in above[v]))


def shapley_value(above: Referrers, w: list[int]) -> list[Fraction]:
    """By definition, over all coalitions S: v(S) = sum of w_i over the i in S all of whose ancestors are in S."""
    n = len(w)
    need = [sum(1 << u for u in ancestors(above, v)) | 1 << v for v in range(n)]
    value = [sum(w[v] for v in range(n) if need[v] & s == need[v]) for s in range(1 << n)]
    out = [Fraction(0)] * n
    for s in range(1 << n):
        size = s.bit_count()
        for j in range(n):
            if not s >> j & 1:
                weight = Fraction(factorial(size) * factorial(n - size - 1), factorial(n))
                out[j] += weight * (value[s | 1 << j] - value[s])
    return out


def decay_value(parent: list[int], w: list[int], delta: Fraction) -> list[Fraction]:
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


def referrers(graph: Arcs) -> Referrers:
    return [[u for u, x in graph.pairs() if x == v] for v in range(graph.n)]


def weight(u: int, v: int) -> int:
    return 1 + (3 * u + v) % 4


def expected(graph: Arcs, w: list[int], delta: Fraction | None) -> list[Fraction]:
    """Over all choices of one referrer for each party, with the chances that their shares give."""
    above, out = referrers(graph), [Fraction(0)] * graph.n
    for choice in product(*(us or [-1] for us in above)):
        chance = Fraction(1)
        for v, u in enumerate(choice):
            if u >= 0:
                chance *= Fraction(weight(u, v), sum(weight(x, v) for x in above[v]))
        lone = [[u] if u >= 0 else [] for u in choice]
        value = shapley_value(lone, w) if delta is None else decay_value(list(choice), w, delta)
        out = [a + chance * b for a, b in zip(out, value, strict=True)]
    return out


def close(found: np.ndarray, exact: list[Fraction]) -> bool:
    return found.tolist() == pytest.approx([float(x) for x in exact], rel=1e-12, abs=1e-12)


@given(forests(most=7), st.lists(WORTH, min_size=7, max_size=7))
@few
def test_shapley_on_a_forest_is_the_shapley_value(raw: np.ndarray, worth: list[int]) -> None:
    laid, w = layout(raw), worth[: len(raw)]
    found = both(lambda: credit.shapley(laid.parent, laid.depth, np.array(w, np.float64)))
    assert close(found, shapley_value([[p] if p >= 0 else [] for p in laid.parent.tolist()], w))


@given(forests(most=20), st.lists(WORTH, min_size=20, max_size=20), st.sampled_from([0, 0.25, 0.5, 1]))
@many
def test_decay_on_a_forest(raw: np.ndarray, worth: list[int], delta: float) -> None:
    laid, w = layout(raw), worth[: len(raw)]
    found = both(lambda: credit.decay(laid.parent, laid.depth, np.array(w, np.float64), delta))
    assert close(found.credit, decay_value(laid.parent.tolist(), w, Fraction(delta)))
    shapley = credit.shapley(laid.parent, laid.depth, np.array(w, np.float64))
    if delta == 1:
        assert found.credit.tolist() == shapley.tolist()


@given(dags(most=6), st.lists(WORTH, min_size=6, max_size=6), st.sampled_from([None, 0.5, 0.25]))
@few
def test_mixture_is_the_expectation_over_all_forests(graph: Arcs, worth: list[int], delta: float | None) -> None:
    w, ways = worth[: graph.n], flow(graph, weight)
    found = both(lambda: credit.mixture(*ways, np.array(w, np.float64), 1 if delta is None else delta))
    assert found is not None
    assert close(found.credit, expected(graph, w, None if delta is None else Fraction(delta)))
    each = [[x if i == v else 0 for i, x in enumerate(w)] for v in range(graph.n)]
    alone = [expected(graph, one, delta and Fraction(delta))[v] for v, one in enumerate(each)]
    assert close(found.own, alone)


@given(dags(most=7), st.lists(WORTH, min_size=7, max_size=7))
@few
def test_conjunctive_is_the_shapley_value_with_several_referrers(graph: Arcs, worth: list[int]) -> None:
    w, ways = worth[: graph.n], flow(graph)
    found = both(lambda: credit.conjunctive(ways.in_ptr, ways.in_src, ways.out_ptr, ways.out_dst, np.array(w, np.float64)))
    assert found is not None and close(found.credit, shapley_value(referrers(graph), w))
    assert close(found.own, [Fraction(w[v], 1 + len(ancestors(referrers(graph), v))) for v in range(graph.n)])


@given(forests(most=25), st.lists(WORTH, min_size=25, max_size=25), st.sampled_from([1.0, 0.5]))
@many
def test_on_a_forest_all_ways_agree(raw: np.ndarray, worth: list[int], delta: float) -> None:
    w = np.array(worth[: len(raw)], np.float64)
    laid = layout(raw)
    ways = flow(arcs(len(raw), [(int(p), v) for v, p in enumerate(raw) if p >= 0]))
    mixed, spread = credit.mixture(*ways, w, delta), credit.decay(laid.parent, laid.depth, w[laid.order], delta)
    assert mixed is not None
    np.testing.assert_allclose(mixed.credit[laid.order], spread.credit, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(mixed.own[laid.order], spread.own, rtol=1e-12, atol=1e-12)


@given(dags(most=30), st.sampled_from([1.0, 0.5]))
@many
def test_credit_adds_up_to_the_value_there_is(graph: Arcs, delta: float) -> None:
    w, ways = np.arange(1.0, graph.n + 1), flow(graph, weight)
    mixed = credit.mixture(*ways, w, delta)
    equal = credit.conjunctive(ways.in_ptr, ways.in_src, ways.out_ptr, ways.out_dst, w)
    assert mixed is not None and equal is not None
    assert mixed.credit.sum() == pytest.approx(w.sum(), rel=1e-13)
    assert equal.credit.sum() == pytest.approx(w.sum(), rel=1e-13)


def test_worked_numbers() -> None:
    chain, depth, tens = np.array([-1, 0, 1], np.int32), np.arange(3, dtype=np.int32), np.full(3, 10.0)
    assert close(credit.shapley(chain, depth, tens), [Fraction(55, 3), Fraction(25, 3), Fraction(10, 3)])
    assert close(credit.decay(chain, depth, tens, 0.5).credit, [Fraction(310, 21), Fraction(200, 21), Fraction(40, 7)])
    ways, w = flow(arcs(3, [(0, 2), (1, 2)])), np.array([0.0, 0.0, 10.0])
    mixed = credit.mixture(*ways, w)
    equal = credit.conjunctive(ways.in_ptr, ways.in_src, ways.out_ptr, ways.out_dst, w)
    assert mixed is not None and mixed.credit.tolist() == [2.5, 2.5, 5.0] and mixed.own.tolist() == [0.0, 0.0, 5.0]
    assert equal is not None and close(equal.credit, [Fraction(10, 3)] * 3)


def test_beyond_the_bound_there_is_no_answer() -> None:
    """A ladder whose rungs are one step or two: the k-th party can have k/2 to k ancestors."""
    pairs = [(k, k + d) for k in range(40) for d in (1, 2) if k + d <= 40]
    ways, w = flow(arcs(41, pairs)), np.ones(41)
    ranges = [k - (k + 1) // 2 + 1 for k in range(41)]
    work = sum(ranges) + sum(ranges[u] for u, _ in pairs)
    assert credit.mixture(*ways, w, bound=work) is not None
    assert credit.mixture(*ways, w, bound=work - 1) is None
    assert credit.conjunctive(ways.in_ptr, ways.in_src, ways.out_ptr, ways.out_dst, w, bound=10) is None


def test_a_loop_is_refused() -> None:
    ways = flow(arcs(2, [(0, 1), (1, 0)]))
    with pytest.raises(ValueError, match="loop"):
        credit.mixture(*ways, np.ones(2))
