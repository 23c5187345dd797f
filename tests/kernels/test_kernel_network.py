"""Components, PageRank, core numbers, betweenness and holes on any graph, against networkx: loops and repeated arcs included."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_graphs import Arcs, both, few, forests, many, networks

from refgraph.kernels.betweenness import betweenness, forest_betweenness
from refgraph.kernels.core import core_numbers
from refgraph.kernels.forest import layout, scatter
from refgraph.kernels.holes import holes
from refgraph.kernels.pagerank import forest_pagerank, pagerank
from refgraph.kernels.weak import components

pytestmark = pytest.mark.filterwarnings("error")


def drawn(graph: Arcs, loops: bool = True) -> nx.DiGraph:
    """Each arc with how often it is given as its weight."""
    out = nx.DiGraph()
    out.add_nodes_from(range(graph.n))
    for u, v in graph.pairs():
        if loops or u != v:
            out.add_edge(u, v, weight=out.get_edge_data(u, v, {"weight": 0})["weight"] + 1)
    return out


def listed(values: dict[int, float], n: int) -> list[float]:
    return [values[v] for v in range(n)]


@given(networks())
@many
def test_weak_components_are_named_after_their_smallest_member(graph: Arcs) -> None:
    found = both(lambda: components(*graph))
    whole = drawn(graph).to_undirected()
    assert found.dtype == np.int32
    assert found.tolist() == [min(nx.node_connected_component(whole, v)) for v in range(graph.n)]


@given(networks(), st.sampled_from([0.0, 0.5, 0.85, 0.99]))
@many
def test_pagerank_counts_arcs_as_often_as_given(graph: Arcs, damping: float) -> None:
    found = both(lambda: pagerank(*graph, damping=damping))
    exact = solved(drawn(graph), damping)
    assert np.abs(found - exact).sum() < 1e-10 and found.sum() == pytest.approx(float(graph.n > 0), abs=1e-15 * graph.n)


def solved(graph: nx.DiGraph, damping: float) -> np.ndarray:
    """The linear system itself."""
    n = len(graph)
    matrix = nx.to_numpy_array(graph, nodelist=range(n))
    out = matrix.sum(axis=1, keepdims=True)
    walk = np.where(out > 0, matrix / np.where(out > 0, out, 1), 1 / max(n, 1))
    return np.linalg.solve(np.eye(n) - damping * walk.T, np.full(n, (1 - damping) / max(n, 1)))


@given(networks(), st.data())
@many
def test_pagerank_with_weights(graph: Arcs, data: st.DataObject) -> None:
    """A whole weight is worth as many arcs; networkx agrees on the solution."""
    weight = data.draw(st.lists(st.integers(0, 3), min_size=len(graph.source), max_size=len(graph.source)))
    found = both(lambda: pagerank(*graph, np.array(weight, np.float64)))
    repeated = Arcs(graph.n, np.repeat(graph.source, weight), np.repeat(graph.target, weight))
    assert np.abs(found - pagerank(*repeated)).sum() < 2e-10
    theirs = nx.pagerank(drawn(repeated), tol=1e-14, max_iter=10_000)
    assert np.abs(found - listed(theirs, graph.n)).sum() < 2e-10


@given(forests(), st.sampled_from([0.0, 0.5, 0.85]))
@many
def test_pagerank_of_a_forest_needs_no_iteration(parent: np.ndarray, damping: float) -> None:
    laid = layout(parent)
    found = both(lambda: forest_pagerank(laid.parent, damping))
    child = np.flatnonzero(parent >= 0).astype(np.int32)
    voted = pagerank(len(parent), child, parent[child], damping=damping, tolerance=1e-15)
    np.testing.assert_allclose(scatter(found, laid.order), voted, rtol=0, atol=1e-12)


@given(networks())
@many
def test_core_numbers(graph: Arcs) -> None:
    found = both(lambda: core_numbers(*graph))
    assert found.dtype == np.int32
    assert found.tolist() == listed(nx.core_number(drawn(graph, loops=False).to_undirected()), graph.n)


@given(networks())
@many
def test_betweenness(graph: Arcs) -> None:
    found = both(lambda: betweenness(*graph))
    expected = listed(nx.betweenness_centrality(drawn(graph, loops=False), normalized=False), graph.n)
    np.testing.assert_allclose(found.values, expected, rtol=1e-12, atol=1e-12)
    assert found.how in ("forest", "exact") and found.error == 0.0


@given(forests())
@many
def test_betweenness_of_a_forest_is_depth_times_descendants(parent: np.ndarray) -> None:
    laid = layout(parent)
    child = np.flatnonzero(parent >= 0).astype(np.int32)
    graph = Arcs(len(parent), parent[child], child)
    found = scatter(forest_betweenness(laid.size, laid.depth), laid.order)
    assert found.tolist() == listed(nx.betweenness_centrality(drawn(graph), normalized=False), graph.n)
    whole = both(lambda: betweenness(*graph))
    assert whole.how == "forest" and whole.values.tolist() == found.tolist()


@given(networks())
@many
def test_constraint_and_effective_size(graph: Arcs) -> None:
    found = both(lambda: holes(*graph))
    assert found is not None
    whole = drawn(graph, loops=False).to_undirected()
    for mine, theirs in ((found.constraint, nx.constraint), (found.effective_size, nx.effective_size)):
        np.testing.assert_allclose(mine, listed(theirs(whole) if graph.n else {}, graph.n), rtol=1e-12)
    assert found.degree.tolist() == [whole.degree(v) for v in range(graph.n)]


@given(networks(), st.randoms(use_true_random=False))
@few
def test_the_order_of_the_arcs_changes_no_bit(graph: Arcs, draw) -> None:
    pairs = graph.pairs()
    draw.shuffle(pairs)
    ends = np.array(pairs, np.int32).reshape(-1, 2)
    other = Arcs(graph.n, ends[:, 0].copy(), ends[:, 1].copy())
    assert betweenness(*graph).values.tobytes() == betweenness(*other).values.tobytes()
    one, two = holes(*graph), holes(*other)
    assert one is not None and two is not None
    assert one.constraint.tobytes() == two.constraint.tobytes()
