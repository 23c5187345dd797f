"""Passes over a forest: sums up and down, heights, decayed reach; against networkx and exact fractions."""

from __future__ import annotations

from fractions import Fraction

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_graphs import both, forests, many

from refgraph.kernels.compile import mode
from refgraph.kernels.forest import layout
from refgraph.kernels.passes import decayed, heights, sums_down, sums_up

pytestmark = pytest.mark.filterwarnings("error")
DELTAS = st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0])


def by_place(parent: np.ndarray) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(parent)))
    graph.add_edges_from((int(p), k) for k, p in enumerate(parent) if p >= 0)
    return graph


@given(forests(), st.randoms(use_true_random=False))
@many
def test_sums_and_heights(raw: np.ndarray, draw) -> None:
    parent = layout(raw).parent
    graph = by_place(parent)
    w = np.array([draw.randrange(-9, 100) for _ in parent], np.float64)
    up, down = both(lambda: sums_up(parent, w)), both(lambda: sums_down(parent, w))
    height = both(lambda: heights(parent))
    assert height.dtype == np.int32
    for k in graph:
        assert up[k] == w[k] + sum(w[x] for x in nx.descendants(graph, k))
        assert down[k] == w[k] + sum(w[x] for x in nx.ancestors(graph, k))
        assert height[k] == max(nx.single_source_shortest_path_length(graph, k).values())


@given(forests(), DELTAS, st.randoms(use_true_random=False))
@many
def test_decayed_reach_agrees_with_fractions(raw: np.ndarray, delta: float, draw) -> None:
    parent = layout(raw).parent
    graph = by_place(parent)
    w = np.array([draw.randrange(0, 100) for _ in parent], np.float64)
    found, whole = both(lambda: decayed(parent, w, delta)), both(lambda: sums_up(parent, w, delta))
    for k in graph:
        far = nx.single_source_shortest_path_length(graph, k)
        exact = sum((Fraction(delta) ** d * Fraction(w[x]) for x, d in far.items() if x != k), Fraction(0))
        assert found[k] == pytest.approx(float(exact), rel=1e-14, abs=0)
        assert whole[k] == pytest.approx(float(exact + Fraction(w[k])), rel=1e-14, abs=0)


def test_worked_numbers() -> None:
    chain = np.array([-1, 0, 1], np.int32)
    assert both(lambda: decayed(chain, np.ones(3), 0.5)).tolist() == [0.75, 0.5, 0.0]
    assert both(lambda: sums_up(chain, np.array([1.0, 2.0, 4.0]))).tolist() == [7, 6, 4]
    assert both(lambda: sums_down(chain, np.array([1.0, 2.0, 4.0]))).tolist() == [1, 3, 7]
    assert both(lambda: heights(np.empty(0, np.int32))).tolist() == []


def test_a_great_own_value_takes_no_digits_from_the_reach() -> None:
    assert both(lambda: decayed(np.array([-1, 0], np.int32), np.array([1e17, 0.1]), 0.5)).tolist() == [0.05, 0.0]


def test_whole_numbers_are_taken_and_wrong_lengths_are_not() -> None:
    parent = np.array([-1, 0], np.int32)
    assert both(lambda: sums_up(parent, np.array([1, 2]))).tolist() == [3.0, 2.0]
    for ask in (sums_up, sums_down, lambda p, w: decayed(p, w, 0.5)):
        with pytest.raises(ValueError, match="shape"):
            ask(parent, np.ones(3))


def test_sums_pass_the_border_of_32_bits() -> None:
    n = 100_000
    chain = np.arange(-1, n - 1, dtype=np.int32)
    with mode("compiled"):
        assert sums_up(chain, np.arange(n))[0] == n * (n - 1) // 2 > 2**31
        assert sums_down(chain, np.arange(n))[-1] == n * (n - 1) // 2
        assert heights(chain)[0] == n - 1
