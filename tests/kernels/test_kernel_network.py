"""Components, PageRank, core numbers, betweenness and structural holes against networkx, self-loops
included.
"""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.kernel_graphs import Arcs, arcs, both, few, forests, many, networks

from refgraph.kernels import pagerank
from refgraph.kernels.betweenness import compute_betweenness, compute_forest_betweenness
from refgraph.kernels.core import compute_core_numbers
from refgraph.kernels.forest import scatter_to_nodes, to_preorder
from refgraph.kernels.pagerank import compute_pagerank
from refgraph.kernels.structural_holes import compute_structural_holes
from refgraph.kernels.weak_components import label_weak_components

pytestmark = pytest.mark.filterwarnings("error")


def to_networkx(graph: Arcs, self_loops: bool = True) -> nx.DiGraph:
    """Each arc once; its weight is how often it is given."""
    out = nx.DiGraph()
    out.add_nodes_from(range(graph.n))
    for u, v in graph.pairs():
        if self_loops or u != v:
            out.add_edge(u, v, weight=out.get_edge_data(u, v, {"weight": 0})["weight"] + 1)
    return out


def to_list(values: dict[int, float], n: int) -> list[float]:
    return [values[v] for v in range(n)]


@given(networks())
@many
def test_label_weak_components_any_graph_gives_the_smallest_member(graph: Arcs) -> None:
    found = both(lambda: label_weak_components(*graph))
    whole = to_networkx(graph).to_undirected()
    assert found.dtype == np.int32
    assert found.tolist() == [min(nx.node_connected_component(whole, v)) for v in range(graph.n)]


@given(networks(), st.sampled_from([0.0, 0.5, 0.85, 0.99]))
@many
def test_compute_pagerank_any_graph_solves_the_linear_system(graph: Arcs, damping: float) -> None:
    found = both(lambda: compute_pagerank(*graph, damping=damping))
    exact = solve_pagerank(to_networkx(graph), damping)
    assert np.abs(found - exact).sum() < 1e-10 and found.sum() == pytest.approx(
        float(graph.n > 0), abs=1e-15 * graph.n
    )


def solve_pagerank(graph: nx.DiGraph, damping: float) -> np.ndarray:
    """The solution of the linear system."""
    n = len(graph)
    matrix = nx.to_numpy_array(graph, nodelist=range(n))
    out = matrix.sum(axis=1, keepdims=True)
    walk = np.where(out > 0, matrix / np.where(out > 0, out, 1), 1 / max(n, 1))
    return np.linalg.solve(np.eye(n) - damping * walk.T, np.full(n, (1 - damping) / max(n, 1)))


@given(networks(), st.data())
@many
def test_compute_pagerank_integer_weights_equal_repeated_arcs(
    graph: Arcs, data: st.DataObject
) -> None:
    """networkx agrees, too."""
    weight = data.draw(
        st.lists(st.integers(0, 3), min_size=len(graph.source), max_size=len(graph.source))
    )
    found = both(lambda: compute_pagerank(*graph, np.array(weight, np.float64)))
    repeated = Arcs(graph.n, np.repeat(graph.source, weight), np.repeat(graph.target, weight))
    assert np.abs(found - compute_pagerank(*repeated)).sum() < 2e-10
    theirs = nx.pagerank(to_networkx(repeated), tol=1e-14, max_iter=10_000)
    assert np.abs(found - to_list(theirs, graph.n)).sum() < 2e-10


@pytest.mark.parametrize("weighted", [False, True])
def test_compute_pagerank_hub_is_cut_into_runs(
    weighted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More votes for one node than are added at a time, and nodes without any."""
    monkeypatch.setattr(pagerank, "ARCS_PER_RUN", 3)
    votes = [(v, 0) for v in range(1, 12)] + [(0, 5), (3, 5), (4, 5), (6, 7)]
    times = list(range(1, len(votes) + 1)) if weighted else [1] * len(votes)
    repeated = [pair for pair, many in zip(votes, times, strict=True) for _ in range(many)]
    exact = solve_pagerank(to_networkx(arcs(14, repeated)), 0.85)
    weight = np.array(times, np.float64) if weighted else None
    assert np.abs(compute_pagerank(*arcs(14, votes), weight) - exact).sum() < 1e-10


@given(networks())
@many
def test_compute_core_numbers_any_graph_agrees_with_networkx(graph: Arcs) -> None:
    found = both(lambda: compute_core_numbers(*graph))
    assert found.dtype == np.int32
    assert found.tolist() == to_list(
        nx.core_number(to_networkx(graph, self_loops=False).to_undirected()), graph.n
    )


@given(networks())
@many
def test_compute_betweenness_any_graph_agrees_with_networkx(graph: Arcs) -> None:
    found = both(lambda: compute_betweenness(*graph))
    expected = to_list(
        nx.betweenness_centrality(to_networkx(graph, self_loops=False), normalized=False), graph.n
    )
    np.testing.assert_allclose(found.values, expected, rtol=1e-12, atol=1e-12)
    assert found.method in ("forest", "exact") and found.error == 0.0


@given(forests())
@many
def test_compute_forest_betweenness_any_forest_agrees_with_networkx(parent: np.ndarray) -> None:
    forest = to_preorder(parent)
    child = np.flatnonzero(parent >= 0).astype(np.int32)
    graph = Arcs(len(parent), parent[child], child)
    values = compute_forest_betweenness(forest.size, forest.depth)
    found = scatter_to_nodes(values, forest.order)
    assert found.tolist() == to_list(
        nx.betweenness_centrality(to_networkx(graph), normalized=False), graph.n
    )
    whole = both(lambda: compute_betweenness(*graph))
    assert whole.method == "forest" and whole.values.tolist() == found.tolist()


@given(networks())
@many
def test_compute_structural_holes_any_graph_agrees_with_networkx(graph: Arcs) -> None:
    found = both(lambda: compute_structural_holes(*graph))
    assert found is not None
    whole = to_networkx(graph, self_loops=False).to_undirected()
    constraint = to_list(nx.constraint(whole) if graph.n else {}, graph.n)
    effective_size = to_list(nx.effective_size(whole) if graph.n else {}, graph.n)
    np.testing.assert_allclose(found.constraint, constraint, rtol=1e-12)
    np.testing.assert_allclose(found.effective_size, effective_size, rtol=1e-12)
    assert found.degree.tolist() == [whole.degree(v) for v in range(graph.n)]


@given(networks(), st.randoms(use_true_random=False))
@few
def test_network_kernels_order_of_arcs_changes_no_bit(graph: Arcs, draw) -> None:
    pairs = graph.pairs()
    draw.shuffle(pairs)
    ends = np.array(pairs, np.int32).reshape(-1, 2)
    other = Arcs(graph.n, ends[:, 0].copy(), ends[:, 1].copy())
    assert (
        compute_betweenness(*graph).values.tobytes() == compute_betweenness(*other).values.tobytes()
    )
    one, two = compute_structural_holes(*graph), compute_structural_holes(*other)
    assert one is not None and two is not None
    assert one.constraint.tobytes() == two.constraint.tobytes()
