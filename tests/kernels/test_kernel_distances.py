"""Distances, shortest ways, decayed reach and the direct rule, against networkx and exact fractions."""

from __future__ import annotations

from fractions import Fraction

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_graphs import Arcs, arcs, both, dags, flow, forests, many, networks

from refgraph.kernels import passes
from refgraph.kernels.adjacency import compressed
from refgraph.kernels.credit import direct
from refgraph.kernels.decayed import decayed
from refgraph.kernels.distances import distances, hops, previous
from refgraph.kernels.forest import layout

pytestmark = pytest.mark.filterwarnings("error")
DELTAS = st.sampled_from([0.0, 0.25, 0.5, 1.0])


def drawn(graph: Arcs) -> nx.DiGraph:
    out = nx.DiGraph()
    out.add_nodes_from(range(graph.n))
    out.add_edges_from(graph.pairs())
    return out


@given(networks(), st.data())
@many
def test_distances_and_the_node_before(graph: Arcs, data: st.DataObject) -> None:
    starts = data.draw(st.lists(st.integers(0, graph.n - 1), max_size=3)) if graph.n else []
    chosen, whole = np.array(starts, np.int32), drawn(graph)
    found = both(lambda: distances(*graph, chosen))
    each = [nx.single_source_shortest_path_length(whole, s) for s in set(starts)]
    assert found.dtype == np.int32
    assert found.tolist() == [min((e[v] for e in each if v in e), default=-1) for v in range(graph.n)]
    assert hops(*compressed(*graph), chosen).tolist() == found.tolist()
    before = both(lambda: previous(*graph, found))
    for v in range(graph.n):
        closer = [u for u in whole.predecessors(v) if 0 <= found[u] == found[v] - 1]
        assert before[v] == min(closer, default=-1)


def test_strangers_are_refused() -> None:
    two = arcs(2, [(0, 1)])
    for stranger in (-1, 2):
        with pytest.raises(ValueError, match="outside"):
            distances(*two, np.array([stranger], np.int32))
        with pytest.raises(ValueError, match="leaves"):
            previous(2, two.source, np.array([stranger], np.int32), np.zeros(2, np.int32))
    with pytest.raises(ValueError, match="3 distances, not 2"):
        previous(*two, np.zeros(3, np.int32))
    with pytest.raises(ValueError, match="1 sources and 2 targets"):
        previous(2, two.source, np.zeros(2, np.int32), np.zeros(2, np.int32))


def by_hand(graph: Arcs, w: list[int], delta: float) -> list[Fraction]:
    """Every party below once, at its shortest distance."""
    far = [nx.single_source_shortest_path_length(drawn(graph), v) for v in range(graph.n)]
    return [sum((w[y] * Fraction(delta) ** d for y, d in each.items() if d), Fraction(0)) for each in far]


@given(dags(most=14), DELTAS, st.lists(st.integers(-9, 99), min_size=14, max_size=14), st.integers(0, 60))
@many
def test_decayed_reach_counts_each_party_once_or_is_missing(graph: Arcs, delta: float, worth: list[int], bound: int) -> None:
    ways, w = flow(graph), np.array(worth[: graph.n], np.float64)
    exact = [float(x) for x in by_hand(graph, worth, delta)]
    found = both(lambda: decayed(ways.in_ptr, ways.out_ptr, ways.out_dst, w, delta))
    np.testing.assert_allclose(found, exact, rtol=1e-13, atol=1e-12)
    within = both(lambda: decayed(ways.in_ptr, ways.out_ptr, ways.out_dst, w, delta, bound))
    known = ~np.isnan(within)
    assert within[known].tolist() == found[known].tolist() and (known | (np.diff(ways.out_ptr) > 0)).all()


def test_decayed_reach_worked_by_hand() -> None:
    """0 brought 1 and 2, who both brought 3, who brought 4; 5 brought 0 and 4."""
    ways = flow(arcs(6, [(0, 1), (0, 2), (1, 3), (2, 3), (3, 4), (5, 0), (5, 4)]))
    ask = ways.in_ptr, ways.out_ptr, ways.out_dst, np.ones(6), 0.5
    assert both(lambda: decayed(*ask)).tolist() == [1.375, 0.75, 0.75, 0.5, 0.0, 0.5 + 0.5 + 0.25 + 0.25 + 0.125]
    assert np.isnan(decayed(*ask, 0)).tolist() == [True, False, False, False, False, True]


@given(forests(), DELTAS)
@many
def test_on_a_forest_both_ways_agree(parent: np.ndarray, delta: float) -> None:
    child = np.flatnonzero(parent >= 0).astype(np.int32)
    ways, w, laid = flow(Arcs(len(parent), parent[child], child)), np.arange(len(parent)) + 0.5, layout(parent)
    found = both(lambda: decayed(ways.in_ptr, ways.out_ptr, ways.out_dst, w, delta))
    np.testing.assert_allclose(found[laid.order], passes.decayed(laid.parent, w[laid.order], delta), rtol=1e-13)


def test_decayed_reach_refuses_a_loop() -> None:
    ways = flow(arcs(2, [(0, 1), (1, 0)]))
    with pytest.raises(ValueError, match="loop"):
        decayed(ways.in_ptr, ways.out_ptr, ways.out_dst, np.ones(2), 0.5)


@given(networks(), st.data())
@many
def test_the_direct_rule_gives_all_to_the_referrers(graph: Arcs, data: st.DataObject) -> None:
    w = data.draw(st.lists(st.integers(-20, 100), min_size=graph.n, max_size=graph.n))
    ways = flow(graph, lambda u, v: 1 + (3 * u + v) % 4)
    found = both(lambda: direct(ways.in_ptr, ways.in_src, ways.in_share, np.array(w, np.float64)))
    own = [0 if v in graph.target else w[v] for v in range(graph.n)]
    exact = [Fraction(x) for x in own]
    for v in range(graph.n):
        above = [u for u, x in graph.pairs() if x == v]
        for u in above:
            exact[u] += Fraction(w[v] * (1 + (3 * u + v) % 4), sum(1 + (3 * x + v) % 4 for x in above))
    assert found.own.tolist() == own
    assert found.credit.tolist() == pytest.approx([float(x) for x in exact], rel=1e-12, abs=1e-12)
    assert found.credit.sum() == pytest.approx(sum(w), abs=1e-10)
