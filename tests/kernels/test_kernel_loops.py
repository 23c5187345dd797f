"""Adjacency, orders, strong components and cuts, against networkx and the literal iterated definition."""

from __future__ import annotations

from random import Random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_graphs import Arcs, arcs, both, dags, digraphs, many

from refgraph.kernels.acyclic import behind_loops, topological
from refgraph.kernels.adjacency import compressed
from refgraph.kernels.compile import mode
from refgraph.kernels.loops import components, core, cuts
from refgraph.kernels.strong import strong_components

pytestmark = pytest.mark.filterwarnings("error")


def digraph(graph: Arcs) -> nx.DiGraph:
    found = nx.DiGraph()
    found.add_nodes_from(range(graph.n))
    found.add_edges_from(graph.pairs())
    return found


def iterated(graph: Arcs, rank: list[int]) -> set[tuple[int, int]]:
    """The definition: cut into the first of each component of two or more, again until there is none."""
    left, gone = digraph(graph), set()
    while found := [c for c in nx.strongly_connected_components(left) if len(c) > 1]:
        for members in found:
            first = min(members, key=lambda v: rank[v])
            into = [(u, v) for u, v in left.in_edges(first) if u in members]
            left.remove_edges_from(into)
            gone |= set(into)
    return gone


def cut_pairs(graph: Arcs, rank: list[int]) -> set[tuple[int, int]]:
    cut = both(lambda: cuts(*graph, np.array(rank, np.int64)))
    assert cut.dtype == np.bool_
    return {pair for pair, gone in zip(graph.pairs(), cut.tolist(), strict=True) if gone}


@given(digraphs(), st.randoms(use_true_random=False))
@many
def test_cuts_are_those_of_the_definition(graph: Arcs, draw: Random) -> None:
    rank = draw.sample(range(-5, 3 * graph.n), graph.n)
    assert cut_pairs(graph, rank) == iterated(graph, rank)


def test_cuts_of_thousands_of_random_digraphs() -> None:
    """Sparse and dense, joined in any order; plain only, the property above runs both ways."""
    for seed in range(2500):
        draw = Random(seed)
        n = draw.randint(2, 12)
        chance = draw.choice((0.1, 0.2, 0.4, 0.9))
        graph = arcs(n, [(u, v) for u in range(n) for v in range(n) if u != v and draw.random() < chance])
        rank = draw.sample(range(n), n)
        with mode("plain"):
            cut = cuts(*graph, np.array(rank))
        assert {p for p, gone in zip(graph.pairs(), cut, strict=True) if gone} == iterated(graph, rank), seed


def test_cuts_of_larger_digraphs() -> None:
    for seed, (n, m) in enumerate([(60, 80), (60, 150), (200, 300), (40, 800)]):
        draw = Random(seed)
        graph = arcs(n, list({tuple(draw.sample(range(n), 2)) for _ in range(m)}))
        rank = draw.sample(range(n), n)
        gone = cut_pairs(graph, rank)
        assert gone == iterated(graph, rank)
        assert nx.is_directed_acyclic_graph(nx.DiGraph([p for p in graph.pairs() if p not in gone]))


def test_cuts_worked_by_hand() -> None:
    eight = arcs(4, [(0, 1), (1, 2), (2, 0), (1, 3), (3, 1)])
    assert cut_pairs(eight, [0, 1, 2, 3]) == {(2, 0), (3, 1)}
    assert cut_pairs(eight, [3, 0, 1, 2]) == {(0, 1), (3, 1)}
    assert cut_pairs(arcs(3, [(0, 1), (1, 0), (1, 2)]), [1, 0, 2]) == {(0, 1)}
    assert cut_pairs(arcs(3, [(0, 1), (1, 2), (0, 2)]), [2, 1, 0]) == set()
    assert cut_pairs(arcs(1, []), [0]) == set()


@given(digraphs(most=15))
@many
def test_strong_components_are_labelled_by_their_smallest_member(graph: Arcs) -> None:
    label = both(lambda: components(*graph))
    assert label.dtype == np.int32
    expected = {v: min(c) for c in nx.strongly_connected_components(digraph(graph)) for v in c}
    assert label.tolist() == [expected[v] for v in range(graph.n)]
    assert both(lambda: strong_components(*graph)).tolist() == label.tolist()


@given(digraphs(most=15, density=2))
@many
def test_behind_loops(graph: Arcs) -> None:
    whole = digraph(graph)
    looped = {v for c in nx.strongly_connected_components(whole) if len(c) > 1 for v in c}
    behind = looped.union(*(nx.descendants(whole, v) for v in looped))
    assert set(np.flatnonzero(both(lambda: behind_loops(*graph))).tolist()) == behind


@given(dags(most=20))
@many
def test_topological_puts_referrers_first_and_roots_in_order(graph: Arcs) -> None:
    in_ptr, _ = compressed(graph.n, graph.target, graph.source)
    order = both(lambda: topological(in_ptr, *compressed(*graph))).tolist()
    place = {v: k for k, v in enumerate(order)}
    assert sorted(order) == list(range(graph.n))
    assert all(place[u] < place[v] for u, v in graph.pairs())
    roots = sorted(set(range(graph.n)) - set(graph.target.tolist()))
    assert order[: len(roots)] == roots


@given(digraphs(most=12, density=4))
@many
def test_compressed_keeps_the_order_of_arcs(graph: Arcs) -> None:
    ptr, dst = both(lambda: compressed(*graph))
    assert ptr.dtype == np.int64 and dst.dtype == np.int32
    for v in range(graph.n):
        assert dst[ptr[v] : ptr[v + 1]].tolist() == [t for s, t in graph.pairs() if s == v]


def test_faults_are_refused() -> None:
    with pytest.raises(ValueError, match="leaves"):
        compressed(*arcs(2, [(0, 2)]))
    with pytest.raises(ValueError, match="leaves"):
        compressed(*arcs(2, [(-1, 0)]))
    ring = arcs(2, [(0, 1), (1, 0)])
    with pytest.raises(ValueError, match="loop"):
        topological(np.array([0, 1, 2]), *compressed(*ring))


def test_a_ring_of_many_is_cut_once_and_a_long_chain_not_at_all() -> None:
    n = 200_000
    name = np.random.default_rng(5).permutation(n).astype(np.int32)
    source, target = name, np.roll(name, -1)
    rank = np.random.default_rng(6).permutation(n)
    with mode("compiled"):
        assert (components(n, source, target) == 0).all()
        assert target[cuts(n, source, target, rank)].tolist() == [int(np.argmin(rank))]
        assert not cuts(n, source[1:], target[1:], rank).any()
        assert (components(n, source[1:], target[1:]) == np.arange(n)).all()


@given(st.integers(1, 12).flatmap(lambda n: st.lists(st.integers(-1, n - 1), min_size=n, max_size=n)), st.booleans())
@many
def test_where_each_has_one_referrer_loops_are_found_in_any_order_of_arcs(above: list[int], backwards: bool) -> None:
    pairs = [(p, v) for v, p in enumerate(above) if p not in (-1, v)]
    graph = arcs(len(above), pairs[::-1] if backwards else pairs)
    found = both(lambda: core(*graph))
    on = {v for c in nx.simple_cycles(digraph(graph)) for v in c}
    assert {graph.pairs()[k] for k in found.tolist()} == {(u, v) for u, v in pairs if v in on}
