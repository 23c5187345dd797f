"""Passes over a forest: sums up and down, heights, decayed reach; against networkx and exact
fractions.
"""

from __future__ import annotations

from fractions import Fraction

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.kernel_graphs import both, forests, many

from refgraph.kernels.compilation import force_mode
from refgraph.kernels.forest import to_preorder
from refgraph.kernels.passes import (
    compute_heights,
    find_roots,
    sum_decayed_up,
    sum_down,
    sum_up,
    sum_weighted_up,
)

pytestmark = pytest.mark.filterwarnings("error")
DELTAS = st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0])


def to_networkx(parent: np.ndarray) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(parent)))
    graph.add_edges_from((int(p), k) for k, p in enumerate(parent) if p >= 0)
    return graph


@given(forests(), st.randoms(use_true_random=False))
@many
def test_passes_any_forest_agree_with_networkx(raw: np.ndarray, draw) -> None:
    parent = to_preorder(raw).parent
    graph = to_networkx(parent)
    w = np.array([draw.randrange(-9, 100) for _ in parent], np.float64)
    up, down = both(lambda: sum_up(parent, w)), both(lambda: sum_down(parent, w))
    height, root = both(lambda: compute_heights(parent)), both(lambda: find_roots(parent))
    assert height.dtype == np.int32
    for k in graph:
        assert up[k] == w[k] + sum(w[x] for x in nx.descendants(graph, k))
        assert down[k] == w[k] + sum(w[x] for x in nx.ancestors(graph, k))
        assert root[k] == min(nx.ancestors(graph, k) | {k})
        assert height[k] == max(nx.single_source_shortest_path_length(graph, k).values())


@given(forests(), DELTAS, st.randoms(use_true_random=False))
@many
def test_sum_decayed_up_any_forest_agrees_with_fractions(
    raw: np.ndarray, delta: float, draw
) -> None:
    parent = to_preorder(raw).parent
    graph = to_networkx(parent)
    w = np.array([draw.randrange(0, 100) for _ in parent], np.float64)
    below = both(lambda: sum_decayed_up(parent, w, delta))
    whole = both(lambda: sum_up(parent, w, delta))
    for k in graph:
        distance = nx.single_source_shortest_path_length(graph, k)
        terms = (Fraction(delta) ** d * Fraction(w[x]) for x, d in distance.items() if x != k)
        exact = sum(terms, Fraction(0))
        assert below[k] == pytest.approx(float(exact), rel=1e-14, abs=0)
        assert whole[k] == pytest.approx(float(exact + Fraction(w[k])), rel=1e-14, abs=0)


def test_passes_chain_of_three_agree_with_hand_counts() -> None:
    chain = np.array([-1, 0, 1], np.int32)
    assert both(lambda: sum_decayed_up(chain, np.ones(3), 0.5)).tolist() == [0.75, 0.5, 0.0]
    assert both(lambda: sum_up(chain, np.array([1.0, 2.0, 4.0]))).tolist() == [7, 6, 4]
    assert both(lambda: sum_down(chain, np.array([1.0, 2.0, 4.0]))).tolist() == [1, 3, 7]
    assert both(lambda: compute_heights(np.empty(0, np.int32))).tolist() == []


def test_sum_decayed_up_large_own_value_costs_no_digits() -> None:
    parent, w = np.array([-1, 0], np.int32), np.array([1e17, 0.1])
    assert both(lambda: sum_decayed_up(parent, w, 0.5)).tolist() == [0.05, 0.0]


def test_passes_take_integers_and_refuse_wrong_lengths() -> None:
    parent = np.array([-1, 0], np.int32)
    assert both(lambda: sum_up(parent, np.array([1, 2]))).tolist() == [3.0, 2.0]
    for ask in (sum_up, sum_down, lambda p, w: sum_decayed_up(p, w, 0.5)):
        with pytest.raises(ValueError, match="shape"):
            ask(parent, np.ones(3))


def test_passes_long_chain_go_beyond_32_bits() -> None:
    n = 100_000
    chain = np.arange(-1, n - 1, dtype=np.int32)
    with force_mode("compiled"):
        assert sum_up(chain, np.arange(n))[0] == n * (n - 1) // 2 > 2**31
        assert sum_down(chain, np.arange(n))[-1] == n * (n - 1) // 2
        assert compute_heights(chain)[0] == n - 1


@given(forests(), st.integers(0, 1000))
@many
def test_sum_weighted_up_any_forest_is_the_sum_over_paths(raw: np.ndarray, seed: int) -> None:
    parent, dice = to_preorder(raw).parent, np.random.default_rng(seed)
    w, weight = dice.integers(0, 9, len(parent)).astype(float), dice.random(len(parent))
    expected = np.zeros(len(parent))
    for k in range(len(parent)):
        node, share = k, float(w[k])
        while node >= 0:
            expected[node] += share
            share *= float(weight[node])
            node = int(parent[node])
    found = both(lambda: sum_weighted_up(parent, w, weight))
    assert found.tolist() == pytest.approx(expected.tolist())
