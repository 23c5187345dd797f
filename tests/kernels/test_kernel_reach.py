"""Distinct reach of graphs in which some have several referrers, against networkx."""

from __future__ import annotations

from random import Random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.kernel_graphs import Arcs, arcs, both, dags, flow, many

from refgraph.kernels.compilation import COMPILE_ABOVE, force_mode
from refgraph.kernels.reach import compute_reach, mark_forks

pytestmark = pytest.mark.filterwarnings("error")


def reach_both_ways(
    graph: Arcs, w: np.ndarray, bound: int = 10**9
) -> tuple[np.ndarray, np.ndarray]:
    ways = flow(graph)
    return both(lambda: compute_reach(ways.in_ptr, ways.out_ptr, ways.out_dst, w, bound))


def find_descendants(graph: Arcs) -> list[set[int]]:
    whole = nx.DiGraph()
    whole.add_nodes_from(range(graph.n))
    whole.add_edges_from(graph.pairs())
    return [nx.descendants(whole, v) for v in range(graph.n)]


@given(dags(most=16), st.randoms(use_true_random=False))
@many
def test_compute_reach_any_dag_counts_each_party_once(graph: Arcs, draw: Random) -> None:
    w = np.array([draw.randrange(-5, 50) for _ in range(graph.n)], np.float64)
    number, worth = reach_both_ways(graph, w)
    assert number.dtype == np.int64
    for v, found in enumerate(find_descendants(graph)):
        assert (number[v], worth[v]) == (len(found), sum(w[x] for x in found))


@given(dags(most=16), st.integers(0, 30))
@many
def test_compute_reach_beyond_the_bound_is_missing_never_wrong(graph: Arcs, bound: int) -> None:
    number, worth = reach_both_ways(graph, np.ones(graph.n), bound)
    for v, found in enumerate(find_descendants(graph)):
        assert number[v] in (-1, len(found)) and np.isnan(worth[v]) == (number[v] == -1)
        if graph.n > 1 and max(np.bincount(graph.target, minlength=1)) <= 1:
            assert number[v] == len(found)


def test_compute_reach_bound_of_zero_leaves_nodes_above_a_fork_empty() -> None:
    """0 referred 1 and 2, who both referred 3; 4 referred 0; 5 referred 6."""
    graph = arcs(7, [(0, 1), (0, 2), (1, 3), (2, 3), (4, 0), (5, 6)])
    number, worth = reach_both_ways(graph, np.ones(7), 0)
    assert number.tolist() == [-1, 1, 1, 0, -1, 1, 0]
    assert np.isnan(worth).tolist() == [True, False, False, False, True, False, False]
    assert reach_both_ways(graph, np.ones(7), 4)[0].tolist() == [3, 1, 1, 0, 4, 1, 0]


def test_compute_reach_long_chain_above_a_fork_needs_one_search() -> None:
    n = 100_000
    chain = [(k, k + 1) for k in range(n - 4)]
    graph = arcs(n, [*chain, (n - 4, n - 3), (n - 4, n - 2), (n - 3, n - 1), (n - 2, n - 1)])
    ways = flow(graph)
    with force_mode("compiled"):
        number, worth = compute_reach(
            ways.in_ptr, ways.out_ptr, ways.out_dst, np.full(n, 2.0), bound=4
        )
    assert (number[:-3] == np.arange(n - 1, 2, -1)).all() and (worth == 2.0 * number).all()


def test_compute_reach_2_to_the_80_paths_do_not_overflow() -> None:
    """Eighty diamonds in a row have 2^80 paths from top to bottom."""
    pairs = []
    for k in range(0, 240, 3):
        pairs += [(k, k + 1), (k, k + 2), (k + 1, k + 3), (k + 2, k + 3)]
    number, worth = reach_both_ways(arcs(241, pairs), np.ones(241))
    assert number[0] == worth[0] == 240 and number[239] == 1


def test_mark_forks_many_searches_are_estimated_as_many_steps() -> None:
    """600 nodes each of which reaches all later ones: small arrays, but many arcs to visit."""
    n = 600
    ways = flow(arcs(n, [(u, v) for u in range(n) for v in range(u + 1, min(u + 9, n))]))
    order = np.arange(n, dtype=np.int32)
    with force_mode("plain"):
        _, needs_search, visits = mark_forks(order, ways.in_ptr, ways.out_ptr, ways.out_dst)
        count, _ = compute_reach(ways.in_ptr, ways.out_ptr, ways.out_dst, np.ones(n))
    assert count.tolist() == list(range(n - 1, -1, -1))
    assert int(visits[needs_search].sum()) > COMPILE_ABOVE
