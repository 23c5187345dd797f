"""Distances, decayed reach and the direct rule of credit, against networkx and exact fractions."""

from __future__ import annotations

from fractions import Fraction

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.kernel_graphs import Arcs, arcs, both, dags, flow, forests, many, networks

from refgraph.kernels import passes
from refgraph.kernels.adjacency import build_csr
from refgraph.kernels.decayed_reach import compute_decayed_reach
from refgraph.kernels.distances import compute_csr_distances, compute_distances
from refgraph.kernels.forest import to_preorder

pytestmark = pytest.mark.filterwarnings("error")
DELTAS = st.sampled_from([0.0, 0.25, 0.5, 1.0])


def to_networkx(graph: Arcs) -> nx.DiGraph:
    out = nx.DiGraph()
    out.add_nodes_from(range(graph.n))
    out.add_edges_from(graph.pairs())
    return out


@given(networks(), st.data())
@many
def test_compute_distances_any_graph_agrees_with_networkx(graph: Arcs, data: st.DataObject) -> None:
    starts = data.draw(st.lists(st.integers(0, graph.n - 1), max_size=3)) if graph.n else []
    chosen, whole = np.array(starts, np.int32), to_networkx(graph)
    found = both(lambda: compute_distances(*graph, chosen))
    from_start = [nx.single_source_shortest_path_length(whole, s) for s in set(starts)]
    nearest = [min((d[v] for d in from_start if v in d), default=-1) for v in range(graph.n)]
    assert found.dtype == np.int32
    assert found.tolist() == nearest
    assert compute_csr_distances(*build_csr(*graph), chosen).tolist() == found.tolist()


@pytest.mark.parametrize("outside", [-1, 2])
def test_compute_distances_start_outside_is_refused(outside: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        compute_distances(*arcs(2, [(0, 1)]), np.array([outside], np.int32))


def sum_by_distance(graph: Arcs, w: list[int], delta: float) -> list[Fraction]:
    """Decayed reach: every party below counts once, at its shortest distance."""
    totals = []
    for v in range(graph.n):
        distance = nx.single_source_shortest_path_length(to_networkx(graph), v)
        terms = (w[y] * Fraction(delta) ** d for y, d in distance.items() if d)
        totals.append(sum(terms, Fraction(0)))
    return totals


@given(
    dags(most=14),
    DELTAS,
    st.lists(st.integers(-9, 99), min_size=14, max_size=14),
    st.integers(0, 60),
)
@many
def test_compute_decayed_reach_any_dag_counts_each_party_once_or_is_nan(
    graph: Arcs, delta: float, worth: list[int], bound: int
) -> None:
    ways, w = flow(graph), np.array(worth[: graph.n], np.float64)
    exact = [float(x) for x in sum_by_distance(graph, worth, delta)]
    found = both(lambda: compute_decayed_reach(ways.in_ptr, ways.out_ptr, ways.out_dst, w, delta))
    np.testing.assert_allclose(found, exact, rtol=1e-13, atol=1e-12)
    within = both(
        lambda: compute_decayed_reach(ways.in_ptr, ways.out_ptr, ways.out_dst, w, delta, bound)
    )
    known = ~np.isnan(within)
    assert (
        within[known].tolist() == found[known].tolist()
        and (known | (np.diff(ways.out_ptr) > 0)).all()
    )


def test_compute_decayed_reach_small_graph_agrees_with_hand_count() -> None:
    """0 referred 1 and 2, who both referred 3, who referred 4; 5 referred 0 and 4."""
    ways = flow(arcs(6, [(0, 1), (0, 2), (1, 3), (2, 3), (3, 4), (5, 0), (5, 4)]))
    ask = ways.in_ptr, ways.out_ptr, ways.out_dst, np.ones(6), 0.5
    assert both(lambda: compute_decayed_reach(*ask)).tolist() == [
        1.375,
        0.75,
        0.75,
        0.5,
        0.0,
        0.5 + 0.5 + 0.25 + 0.25 + 0.125,
    ]
    assert np.isnan(compute_decayed_reach(*ask, 0)).tolist() == [
        True,
        False,
        False,
        False,
        False,
        True,
    ]


@given(forests(), DELTAS)
@many
def test_compute_decayed_reach_on_a_forest_agrees_with_one_pass(
    parent: np.ndarray, delta: float
) -> None:
    child = np.flatnonzero(parent >= 0).astype(np.int32)
    ways, w, laid = (
        flow(Arcs(len(parent), parent[child], child)),
        np.arange(len(parent)) + 0.5,
        to_preorder(parent),
    )
    found = both(lambda: compute_decayed_reach(ways.in_ptr, ways.out_ptr, ways.out_dst, w, delta))
    np.testing.assert_allclose(
        found[laid.order], passes.sum_decayed_up(laid.parent, w[laid.order], delta), rtol=1e-13
    )


def test_compute_decayed_reach_cycle_is_refused() -> None:
    ways = flow(arcs(2, [(0, 1), (1, 0)]))
    with pytest.raises(ValueError, match="cycle"):
        compute_decayed_reach(ways.in_ptr, ways.out_ptr, ways.out_dst, np.ones(2), 0.5)
