"""Credit against the Shapley value by its definition and against every possible forest, in exact
fractions.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.credit_oracles import (
    compute_decay_value,
    compute_shapley_value,
    expect_credit,
    find_ancestors,
    is_close,
    list_referrers,
    spread_along_walks,
    weight,
)
from support.kernel_graphs import Arcs, arcs, both, dags, few, flow, forests, many

from refgraph.kernels import credit
from refgraph.kernels.forest import to_preorder

pytestmark = pytest.mark.filterwarnings("error")
WORTH = st.integers(-20, 100)


@given(forests(most=7), st.lists(WORTH, min_size=7, max_size=7))
@few
def test_compute_shapley_credit_any_forest_is_the_shapley_value(
    raw: np.ndarray, worth: list[int]
) -> None:
    forest, w = to_preorder(raw), worth[: len(raw)]
    found = both(
        lambda: credit.compute_shapley_credit(forest.parent, forest.depth, np.array(w, np.float64))
    )
    assert is_close(
        found, compute_shapley_value([[p] if p >= 0 else [] for p in forest.parent.tolist()], w)
    )


@given(
    forests(most=20), st.lists(WORTH, min_size=20, max_size=20), st.sampled_from([0, 0.25, 0.5, 1])
)
@many
def test_compute_decay_credit_any_forest_agrees_with_fractions(
    raw: np.ndarray, worth: list[int], delta: float
) -> None:
    forest, w = to_preorder(raw), worth[: len(raw)]
    found = both(
        lambda: credit.compute_decay_credit(
            forest.parent, forest.depth, np.array(w, np.float64), delta
        )
    )
    assert is_close(found.credit, compute_decay_value(forest.parent.tolist(), w, Fraction(delta)))
    shapley = credit.compute_shapley_credit(forest.parent, forest.depth, np.array(w, np.float64))
    if delta == 1:
        assert found.credit.tolist() == shapley.tolist()


@given(dags(most=6), st.lists(WORTH, min_size=6, max_size=6), st.sampled_from([None, 0.5, 0.25]))
@few
def test_compute_mixture_credit_any_dag_is_the_expectation_over_all_forests(
    graph: Arcs, worth: list[int], delta: float | None
) -> None:
    w, ways = worth[: graph.n], flow(graph, weight)
    found = both(
        lambda: credit.compute_mixture_credit(
            *ways, np.array(w, np.float64), 1 if delta is None else delta
        )
    )
    assert found is not None
    assert is_close(
        found.credit, expect_credit(graph, w, None if delta is None else Fraction(delta))
    )
    own = []
    for v in range(graph.n):
        only_v = [x if i == v else 0 for i, x in enumerate(w)]
        own.append(expect_credit(graph, only_v, None if delta is None else Fraction(delta))[v])
    assert is_close(found.own, own)


@given(dags(most=7), st.lists(WORTH, min_size=7, max_size=7), st.sampled_from([1.0, 0.5]))
@few
def test_compute_mixture_credit_any_dag_is_the_mean_over_random_walks(
    graph: Arcs, worth: list[int], delta: float
) -> None:
    w, ways = worth[: graph.n], flow(graph, weight)
    found = both(lambda: credit.compute_mixture_credit(*ways, np.array(w, np.float64), delta))
    assert found is not None
    assert is_close(found.credit, spread_along_walks(graph, w, Fraction(delta)))


@given(dags(most=7), st.lists(WORTH, min_size=7, max_size=7))
@few
def test_compute_conjunctive_credit_any_dag_is_the_shapley_value(
    graph: Arcs, worth: list[int]
) -> None:
    w, ways = worth[: graph.n], flow(graph)
    found = both(
        lambda: credit.compute_conjunctive_credit(
            ways.in_ptr, ways.in_src, ways.out_ptr, ways.out_dst, np.array(w, np.float64)
        )
    )
    assert found is not None and is_close(
        found.credit, compute_shapley_value(list_referrers(graph), w)
    )
    assert is_close(
        found.own,
        [Fraction(w[v], 1 + len(find_ancestors(list_referrers(graph), v))) for v in range(graph.n)],
    )


@given(forests(most=25), st.lists(WORTH, min_size=25, max_size=25), st.sampled_from([1.0, 0.5]))
@many
def test_compute_mixture_credit_on_a_forest_agrees_with_one_pass(
    raw: np.ndarray, worth: list[int], delta: float
) -> None:
    w = np.array(worth[: len(raw)], np.float64)
    forest = to_preorder(raw)
    ways = flow(arcs(len(raw), [(int(p), v) for v, p in enumerate(raw) if p >= 0]))
    mixed, spread = (
        credit.compute_mixture_credit(*ways, w, delta),
        credit.compute_decay_credit(forest.parent, forest.depth, w[forest.order], delta),
    )
    assert mixed is not None
    np.testing.assert_allclose(mixed.credit[forest.order], spread.credit, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(mixed.own[forest.order], spread.own, rtol=1e-12, atol=1e-12)


@given(dags(most=30), st.sampled_from([1.0, 0.5]))
@many
def test_credit_rules_any_dag_add_up_to_the_value_there_is(graph: Arcs, delta: float) -> None:
    w, ways = np.arange(1.0, graph.n + 1), flow(graph, weight)
    mixed = credit.compute_mixture_credit(*ways, w, delta)
    equal = credit.compute_conjunctive_credit(
        ways.in_ptr, ways.in_src, ways.out_ptr, ways.out_dst, w
    )
    assert mixed is not None and equal is not None
    assert mixed.credit.sum() == pytest.approx(w.sum(), rel=1e-13)
    assert equal.credit.sum() == pytest.approx(w.sum(), rel=1e-13)


def test_credit_rules_small_graphs_agree_with_hand_counts() -> None:
    chain, depth, tens = (
        np.array([-1, 0, 1], np.int32),
        np.arange(3, dtype=np.int32),
        np.full(3, 10.0),
    )
    assert is_close(
        credit.compute_shapley_credit(chain, depth, tens),
        [Fraction(55, 3), Fraction(25, 3), Fraction(10, 3)],
    )
    assert is_close(
        credit.compute_decay_credit(chain, depth, tens, 0.5).credit,
        [Fraction(310, 21), Fraction(200, 21), Fraction(40, 7)],
    )
    ways, w = flow(arcs(3, [(0, 2), (1, 2)])), np.array([0.0, 0.0, 10.0])
    mixed = credit.compute_mixture_credit(*ways, w)
    equal = credit.compute_conjunctive_credit(
        ways.in_ptr, ways.in_src, ways.out_ptr, ways.out_dst, w
    )
    assert (
        mixed is not None
        and mixed.credit.tolist() == [2.5, 2.5, 5.0]
        and mixed.own.tolist() == [0.0, 0.0, 5.0]
    )
    assert equal is not None and is_close(equal.credit, [Fraction(10, 3)] * 3)


def test_credit_rules_beyond_the_bound_are_none() -> None:
    """A ladder whose rungs are one step or two: the k-th party can have k/2 to k ancestors."""
    pairs = [(k, k + d) for k in range(40) for d in (1, 2) if k + d <= 40]
    ways, w = flow(arcs(41, pairs)), np.ones(41)
    ranges = [k - (k + 1) // 2 + 1 for k in range(41)]
    work = sum(ranges) + sum(ranges[u] for u, _ in pairs)
    assert credit.compute_mixture_credit(*ways, w, bound=work) is not None
    assert credit.compute_mixture_credit(*ways, w, bound=work - 1) is None
    assert (
        credit.compute_conjunctive_credit(
            ways.in_ptr, ways.in_src, ways.out_ptr, ways.out_dst, w, bound=10
        )
        is None
    )


def test_compute_mixture_credit_cycle_is_refused() -> None:
    ways = flow(arcs(2, [(0, 1), (1, 0)]))
    with pytest.raises(ValueError, match="cycle"):
        credit.compute_mixture_credit(*ways, np.ones(2))
