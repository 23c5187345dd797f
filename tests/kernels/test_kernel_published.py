"""Kernels against values that others published: LDBC Graphalytics, Langville & Meyer, Burt's worked star."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from kernel_graphs import Arcs, arcs, both

from refgraph.kernels.distances import distances
from refgraph.kernels.holes import holes
from refgraph.kernels.pagerank import forest_pagerank, pagerank
from refgraph.kernels.weak import components

FOLDER = Path(__file__).parent.parent / "data" / "graphalytics"
UNREACHED = 9223372036854775807
DIRECTED = pytest.mark.parametrize("kind", ["dir", "undir"])


def rows(name: str) -> list[list[str]]:
    return [line.split() for line in (FOLDER / name).read_text().splitlines() if line.strip()]


def graph(lines: list[list[str]]) -> tuple[list[int], Arcs]:
    """The ids in order, and the arcs of adjacency lines by place among them."""
    ids = sorted({int(x) for line in lines for x in line})
    place = {x: k for k, x in enumerate(ids)}
    return ids, arcs(len(ids), [(place[int(a)], place[int(b)]) for a, *rest in lines for b in rest])


def example(kind: str) -> tuple[list[int], Arcs]:
    ends = [line[:2] for line in rows(f"example-{kind}.e")]
    back = [end[::-1] for end in ends] if kind == "undirected" else []
    return graph(rows(f"example-{kind}.v") + ends + back)


def expected(name: str, ids: list[int]) -> list[str]:
    values = {int(a): b for a, b in rows(name)}
    assert sorted(values) == ids
    return [values[x] for x in ids]


def hops(ids: list[int], whole: Arcs, start: int) -> list[int]:
    found = both(lambda: distances(*whole, np.array([ids.index(start)], np.int32)))
    return [UNREACHED if d < 0 else d for d in found.tolist()]


@DIRECTED
def test_graphalytics_hops(kind: str) -> None:
    ids, whole = graph(rows(f"bfs-{kind}-input"))
    assert hops(ids, whole, 1) == [int(x) for x in expected(f"bfs-{kind}-output", ids)]


@DIRECTED
def test_graphalytics_weak_components(kind: str) -> None:
    ids, whole = graph(rows(f"wcc-{kind}-input"))
    found = both(lambda: components(*whole))
    assert [ids[v] for v in found.tolist()] == [int(x) for x in expected(f"wcc-{kind}-output", ids)]


@pytest.mark.parametrize(("kind", "start"), [("directed", 1), ("undirected", 2)])
def test_graphalytics_example(kind: str, start: int) -> None:
    ids, whole = example(kind)
    assert hops(ids, whole, start) == [int(x) for x in expected(f"example-{kind}-BFS", ids)]
    found = [ids[v] for v in components(*whole).tolist()]
    assert found == [int(x) for x in expected(f"example-{kind}-WCC", ids)]


@pytest.mark.parametrize(("kind", "tolerance"), [("dir", 1e-9), ("undir", 1e-4)])
def test_graphalytics_pagerank(kind: str, tolerance: float) -> None:
    ids, whole = graph(rows(f"pr-{kind}-input"))
    values = [float(x) for x in expected(f"pr-{kind}-output", ids)]
    np.testing.assert_allclose(both(lambda: pagerank(*whole)), values, rtol=tolerance)


def test_langville_and_meyer() -> None:
    """Six pages, the second without links, damping 0.9 (Google's PageRank and Beyond, 2006, chapter 4)."""
    links = [(1, 2), (1, 3), (3, 1), (3, 2), (3, 5), (4, 5), (4, 6), (5, 4), (5, 6), (6, 4)]
    found = both(lambda: pagerank(*arcs(6, [(a - 1, b - 1) for a, b in links]), damping=0.9))
    assert found.round(8).tolist() == [0.03721197, 0.05395735, 0.04150565, 0.37508082, 0.20599833, 0.28624589]
    assert found.round(4).tolist() == [0.0372, 0.0540, 0.0415, 0.3751, 0.2060, 0.2862]


def test_stars() -> None:
    """M39 and M40: who is recommended by votes upwards, upside down along the referrals; hub and leaves."""
    star = [(0, k) for k in range(1, 30)]
    up = pagerank(*arcs(30, [(b, a) for a, b in star]))
    down = pagerank(*arcs(30, star))
    assert (up[[0, 1]].round(3).tolist(), down[[0, 1]].round(4).tolist()) == ([0.469, 0.018], [0.0324, 0.0334])
    parent = np.array([-1] + 29 * [0], np.int32)
    np.testing.assert_allclose(forest_pagerank(parent), up, rtol=0, atol=1e-10)
    five = holes(*arcs(6, star[:5]))
    assert five is not None
    assert five.constraint.tolist() == pytest.approx([0.2] + 5 * [1.0], rel=1e-15)
    assert five.effective_size.tolist() == [5.0] + 5 * [1.0]
