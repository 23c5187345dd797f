"""Adjacency, topological order, strong components and cycle cuts, against networkx and the iterated
definition.
"""

from __future__ import annotations

from random import Random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.kernel_graphs import Arcs, arcs, both, dags, digraphs, many

from refgraph.kernels.acyclicity import is_acyclic
from refgraph.kernels.adjacency import build_csr
from refgraph.kernels.compilation import force_mode
from refgraph.kernels.cycle_cuts import find_cuts, find_cyclic_arcs, label_cyclic_components
from refgraph.kernels.strong_components import label_strong_components
from refgraph.kernels.topological_order import mask_behind_cycles, sort_topologically

pytestmark = pytest.mark.filterwarnings("error")


def to_networkx(graph: Arcs) -> nx.DiGraph:
    out = nx.DiGraph()
    out.add_nodes_from(range(graph.n))
    out.add_edges_from(graph.pairs())
    return out


def find_cyclic_sets(graph: nx.DiGraph) -> list[set[int]]:
    """Strong components of two or more nodes."""
    return [c for c in nx.strongly_connected_components(graph) if len(c) > 1]


def cut_by_definition(graph: Arcs, rank: list[int]) -> set[tuple[int, int]]:
    """Cut the arcs from inside each cyclic component into its first member, again until there is
    none.
    """
    rest, cuts = to_networkx(graph), set()
    while components := find_cyclic_sets(rest):
        for members in components:
            first = min(members, key=lambda v: rank[v])
            into = [(u, v) for u, v in rest.in_edges(first) if u in members]
            rest.remove_edges_from(into)
            cuts |= set(into)
    return cuts


def select_pairs(graph: Arcs, mask: np.ndarray) -> set[tuple[int, int]]:
    """The arcs in the mask."""
    return {pair for pair, chosen in zip(graph.pairs(), mask.tolist(), strict=True) if chosen}


def find_cut_pairs(graph: Arcs, rank: list[int]) -> set[tuple[int, int]]:
    cut = both(lambda: find_cuts(*graph, np.array(rank, np.int64)))
    assert cut.dtype == np.bool_
    return select_pairs(graph, cut)


@given(digraphs(), st.randoms(use_true_random=False))
@many
def test_find_cuts_any_digraph_follows_the_definition(graph: Arcs, draw: Random) -> None:
    rank = draw.sample(range(-5, 3 * graph.n), graph.n)
    assert find_cut_pairs(graph, rank) == cut_by_definition(graph, rank)


def test_find_cuts_thousands_of_digraphs_follow_the_definition() -> None:
    """Sparse and dense, any ranks; plain only, because the property above runs both ways."""
    for seed in range(2500):
        draw = Random(seed)
        n = draw.randint(2, 12)
        chance = draw.choice((0.1, 0.2, 0.4, 0.9))
        graph = arcs(
            n, [(u, v) for u in range(n) for v in range(n) if u != v and draw.random() < chance]
        )
        rank = draw.sample(range(n), n)
        with force_mode("plain"):
            cut = find_cuts(*graph, np.array(rank))
        assert select_pairs(graph, cut) == cut_by_definition(graph, rank), seed


def test_find_cuts_larger_digraphs_leave_no_cycle() -> None:
    for seed, (n, m) in enumerate([(60, 80), (60, 150), (200, 300), (40, 800)]):
        draw = Random(seed)
        graph = arcs(n, list({tuple(draw.sample(range(n), 2)) for _ in range(m)}))
        rank = draw.sample(range(n), n)
        cuts = find_cut_pairs(graph, rank)
        assert cuts == cut_by_definition(graph, rank)
        rest = nx.DiGraph([p for p in graph.pairs() if p not in cuts])
        assert nx.is_directed_acyclic_graph(rest)


def test_find_cuts_small_digraphs_agree_with_hand_counts() -> None:
    eight = arcs(4, [(0, 1), (1, 2), (2, 0), (1, 3), (3, 1)])
    assert find_cut_pairs(eight, [0, 1, 2, 3]) == {(2, 0), (3, 1)}
    assert find_cut_pairs(eight, [3, 0, 1, 2]) == {(0, 1), (3, 1)}
    assert find_cut_pairs(arcs(3, [(0, 1), (1, 0), (1, 2)]), [1, 0, 2]) == {(0, 1)}
    assert find_cut_pairs(arcs(3, [(0, 1), (1, 2), (0, 2)]), [2, 1, 0]) == set()
    assert find_cut_pairs(arcs(1, []), [0]) == set()


@given(digraphs(most=15))
@many
def test_label_cyclic_components_any_digraph_gives_the_smallest_member(graph: Arcs) -> None:
    label = both(lambda: label_cyclic_components(*graph))
    assert label.dtype == np.int32
    expected = list(range(graph.n))
    for members in find_cyclic_sets(to_networkx(graph)):
        for v in members:
            expected[v] = min(members)
    assert label.tolist() == expected
    assert both(lambda: label_strong_components(*graph)).tolist() == label.tolist()


@given(digraphs(most=15, density=2))
@many
def test_mask_behind_cycles_any_digraph_agrees_with_networkx(graph: Arcs) -> None:
    whole = to_networkx(graph)
    on_cycle = set().union(*find_cyclic_sets(whole))
    behind = on_cycle.union(*(nx.descendants(whole, v) for v in on_cycle))
    assert set(np.flatnonzero(both(lambda: mask_behind_cycles(*graph))).tolist()) == behind


@given(dags(most=20))
@many
def test_sort_topologically_any_dag_puts_referrers_first_and_roots_in_order(graph: Arcs) -> None:
    in_ptr, _ = build_csr(graph.n, graph.target, graph.source)
    order = both(lambda: sort_topologically(in_ptr, *build_csr(*graph))).tolist()
    index = {v: k for k, v in enumerate(order)}
    assert sorted(order) == list(range(graph.n))
    assert all(index[u] < index[v] for u, v in graph.pairs())
    roots = sorted(set(range(graph.n)) - set(graph.target.tolist()))
    assert order[: len(roots)] == roots


@given(digraphs(most=12, density=4))
@many
def test_build_csr_any_digraph_keeps_the_order_of_arcs(graph: Arcs) -> None:
    ptr, dst = both(lambda: build_csr(*graph))
    assert ptr.dtype == np.int64 and dst.dtype == np.int32
    for v in range(graph.n):
        assert dst[ptr[v] : ptr[v + 1]].tolist() == [t for s, t in graph.pairs() if s == v]


def test_build_csr_arc_outside_is_refused() -> None:
    with pytest.raises(ValueError, match="leaves"):
        build_csr(*arcs(2, [(0, 2)]))
    with pytest.raises(ValueError, match="leaves"):
        build_csr(*arcs(2, [(-1, 0)]))


def test_sort_topologically_cycle_is_refused() -> None:
    ring = arcs(2, [(0, 1), (1, 0)])
    with pytest.raises(ValueError, match="cycle"):
        sort_topologically(np.array([0, 1, 2]), *build_csr(*ring))


def test_find_cuts_long_ring_is_cut_once_and_long_chain_not_at_all() -> None:
    n = 200_000
    name = np.random.default_rng(5).permutation(n).astype(np.int32)
    source, target = name, np.roll(name, -1)
    rank = np.random.default_rng(6).permutation(n)
    with force_mode("compiled"):
        assert (label_cyclic_components(n, source, target) == 0).all()
        assert target[find_cuts(n, source, target, rank)].tolist() == [int(np.argmin(rank))]
        assert not find_cuts(n, source[1:], target[1:], rank).any()
        assert (label_cyclic_components(n, source[1:], target[1:]) == np.arange(n)).all()


@given(
    st.integers(1, 12).flatmap(lambda n: st.lists(st.integers(-1, n - 1), min_size=n, max_size=n)),
    st.booleans(),
)
@many
def test_find_cyclic_arcs_one_referrer_each_finds_the_arcs_of_cycles(
    parents: list[int], backwards: bool
) -> None:
    pairs = [(p, v) for v, p in enumerate(parents) if p not in (-1, v)]
    graph = arcs(len(parents), pairs[::-1] if backwards else pairs)
    found = both(lambda: find_cyclic_arcs(*graph))
    on_cycle = {v for cycle in nx.simple_cycles(to_networkx(graph)) for v in cycle}
    assert {graph.pairs()[k] for k in found.tolist()} == {p for p in pairs if p[1] in on_cycle}


@given(
    st.integers(0, 12).flatmap(lambda n: st.lists(st.integers(-1, n - 1), min_size=n, max_size=n))
)
@many
def test_is_acyclic_any_parents_agrees_with_networkx(parents: list[int]) -> None:
    graph = nx.DiGraph([(v, p) for v, p in enumerate(parents) if p >= 0])
    found = both(lambda: is_acyclic(np.array(parents, np.int32)))
    assert bool(found) == nx.is_directed_acyclic_graph(graph)


@pytest.mark.parametrize("is_ring", [False, True])
def test_is_acyclic_chain_of_a_million_agrees_in_both_directions(is_ring: bool) -> None:
    n = 1_000_000
    parent = np.arange(-1, n - 1, dtype=np.int32)
    parent[0] = n - 1 if is_ring else -1
    backwards = np.where(parent < 0, -1, n - 1 - parent)[::-1].astype(np.int32)
    with force_mode("compiled"):
        assert is_acyclic(parent) != is_ring
        assert is_acyclic(backwards) != is_ring


def test_cyclic_arcs_of_a_node_with_two_referrers_are_found_in_any_order_of_arcs() -> None:
    pairs = [(1, 0), (2, 0), (0, 1)]
    for order in ([0, 1, 2], [1, 0, 2], [2, 1, 0]):
        graph = arcs(3, [pairs[k] for k in order])
        found = both(lambda graph=graph: find_cyclic_arcs(*graph))
        assert {graph.pairs()[k] for k in found.tolist()} == {(1, 0), (0, 1)}
