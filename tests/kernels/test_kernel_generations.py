"""Descendants by distance against networkx; distances on rising days against all paths."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.kernel_graphs import Arcs, both, dags, digraphs, many

from refgraph.kernels.adjacency import build_csr
from refgraph.kernels.generations import count_generations
from refgraph.kernels.rising_distances import compute_rising_distances
from refgraph.kernels.topological_order import compute_longest_chains

pytestmark = pytest.mark.filterwarnings("error")


def to_networkx(graph: Arcs) -> nx.MultiDiGraph:
    out = nx.MultiDiGraph()
    out.add_nodes_from(range(graph.n))
    out.add_edges_from(graph.pairs())
    return out


@given(dags(most=14), st.integers(1, 5), st.integers(0, 2**14 - 1))
@many
def test_count_generations_any_dag_agrees_with_networkx(
    graph: Arcs, levels: int, marks: int
) -> None:
    out_ptr, out_dst = build_csr(*graph)
    in_ptr, _ = build_csr(graph.n, graph.target, graph.source)
    mask = np.array([bool(marks >> k & 1) for k in range(graph.n)])
    w = np.arange(graph.n) * 3.0 - 4
    height = compute_longest_chains(in_ptr, out_ptr, out_dst).astype(np.int32)
    found = both(lambda: count_generations(out_ptr, out_dst, height, w, mask, levels))
    whole = to_networkx(graph)
    for v in range(graph.n):
        distance = nx.single_source_shortest_path_length(whole, v)
        rows = slice(found.ptr[v], found.ptr[v + 1])
        deepest = max(distance.values())
        at = [
            [y for y, d in distance.items() if d == k] for k in range(1, min(deepest, levels) + 1)
        ]
        assert found.count[rows].tolist() == [len(ys) for ys in at]
        assert found.marked[rows].tolist() == [sum(mask[y] for y in ys) for ys in at]
        assert found.total[rows].tolist() == [sum(w[y] for y in ys) for ys in at]
        assert found.is_deeper[v] == (deepest > levels)
    assert not found.is_beyond.any()


def test_count_generations_beyond_the_bound_lists_nothing_for_the_rest() -> None:
    n = 6
    out_ptr, out_dst = build_csr(n, np.arange(5, dtype=np.int32), np.arange(1, 6, dtype=np.int32))
    height = np.arange(5, -1, -1).astype(np.int32)
    marks = np.ones(n, bool)
    found = both(lambda: count_generations(out_ptr, out_dst, height, np.ones(n), marks, 9, 4))
    assert found.is_beyond.tolist() == [True] * 6
    found = count_generations(out_ptr, out_dst, height, np.ones(n), marks, 9, 5)
    assert np.diff(found.ptr).tolist() == [5, 0, 0, 0, 0, 0]


def list_rising_distances(graph: Arcs, days: list[int], starts: set[int]) -> list[int]:
    """Every path from every start, tried one by one."""
    best = [0 if v in starts else -1 for v in range(graph.n)]
    arcs = list(zip(graph.pairs(), days, strict=True))

    def follow(path: list[int]) -> None:
        last = arcs[path[-1]][0][1]
        if best[last] < 0 or best[last] > len(path):
            best[last] = len(path)
        for k, ((u, _), day) in enumerate(arcs):
            if u == last and day > arcs[path[-1]][1]:
                follow([*path, k])

    for k, ((u, _), _) in enumerate(arcs):
        if u in starts:
            follow([k])
    return best


@given(digraphs(most=7, density=2), st.data())
@many
def test_compute_rising_distances_any_graph_agrees_with_all_paths(
    graph: Arcs, data: st.DataObject
) -> None:
    m = len(graph.source)
    days = data.draw(st.lists(st.integers(1, 6), min_size=m, max_size=m))
    starts = data.draw(st.sets(st.integers(0, graph.n - 1), max_size=2))
    order = np.argsort(graph.source, kind="stable")
    ptr = np.searchsorted(graph.source[order], np.arange(graph.n + 1)).astype(np.int64)
    day, chosen = np.array(days, np.int64)[order], np.array(sorted(starts), np.int32)
    found = both(lambda: compute_rising_distances(ptr, graph.target[order], day, chosen))
    assert found.tolist() == list_rising_distances(graph, days, starts)


def test_compute_rising_distances_start_outside_is_refused() -> None:
    empty = np.zeros(0, np.int64)
    with pytest.raises(ValueError, match="outside"):
        compute_rising_distances(
            np.zeros(3, np.int64), empty.astype(np.int32), empty, np.array([2], np.int32)
        )


def test_compute_rising_distances_of_a_long_chain() -> None:
    n = 100_000
    ptr = np.minimum(np.arange(n + 1), n - 1).astype(np.int64)
    dst, day = np.arange(1, n, dtype=np.int32), np.arange(n - 1)
    found = compute_rising_distances(ptr, dst, day, np.zeros(1, np.int32))
    assert found.tolist() == list(range(n))
