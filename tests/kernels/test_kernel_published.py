"""Kernels against published values: LDBC Graphalytics, Langville & Meyer, Burt's star."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.kernel_graphs import Arcs, arcs, both

from refgraph.kernels.distances import compute_distances
from refgraph.kernels.pagerank import compute_pagerank
from refgraph.kernels.structural_holes import compute_structural_holes
from refgraph.kernels.weak_components import label_weak_components

FOLDER = Path(__file__).parent.parent / "data" / "graphalytics"
UNREACHED = 9223372036854775807
DIRECTED = pytest.mark.parametrize("kind", ["dir", "undir"])


def read_rows(name: str) -> list[list[str]]:
    return [line.split() for line in (FOLDER / name).read_text().splitlines() if line.strip()]


def build_graph(lines: list[list[str]]) -> tuple[list[int], Arcs]:
    """The ids in order, and the arcs of adjacency lists as indices among them."""
    ids = sorted({int(x) for line in lines for x in line})
    index = {x: k for k, x in enumerate(ids)}
    pairs = [(index[int(a)], index[int(b)]) for a, *rest in lines for b in rest]
    return ids, arcs(len(ids), pairs)


def read_example(kind: str) -> tuple[list[int], Arcs]:
    ends = [line[:2] for line in read_rows(f"example-{kind}.e")]
    back = [end[::-1] for end in ends] if kind == "undirected" else []
    return build_graph(read_rows(f"example-{kind}.v") + ends + back)


def read_expected(name: str, ids: list[int]) -> list[str]:
    values = {int(a): b for a, b in read_rows(name)}
    assert sorted(values) == ids
    return [values[x] for x in ids]


def count_hops(ids: list[int], whole: Arcs, start: int) -> list[int]:
    found = both(lambda: compute_distances(*whole, np.array([ids.index(start)], np.int32)))
    return [UNREACHED if d < 0 else d for d in found.tolist()]


@DIRECTED
def test_compute_distances_graphalytics_agree_with_published(kind: str) -> None:
    ids, whole = build_graph(read_rows(f"bfs-{kind}-input"))
    assert count_hops(ids, whole, 1) == [int(x) for x in read_expected(f"bfs-{kind}-output", ids)]


@DIRECTED
def test_label_weak_components_graphalytics_agree_with_published(kind: str) -> None:
    ids, whole = build_graph(read_rows(f"wcc-{kind}-input"))
    found = both(lambda: label_weak_components(*whole))
    assert [ids[v] for v in found.tolist()] == [
        int(x) for x in read_expected(f"wcc-{kind}-output", ids)
    ]


@pytest.mark.parametrize(("kind", "start"), [("directed", 1), ("undirected", 2)])
def test_distances_and_components_graphalytics_example_agree_with_published(
    kind: str, start: int
) -> None:
    ids, whole = read_example(kind)
    assert count_hops(ids, whole, start) == [
        int(x) for x in read_expected(f"example-{kind}-BFS", ids)
    ]
    found = [ids[v] for v in label_weak_components(*whole).tolist()]
    assert found == [int(x) for x in read_expected(f"example-{kind}-WCC", ids)]


@pytest.mark.parametrize(("kind", "tolerance"), [("dir", 1e-9), ("undir", 1e-4)])
def test_compute_pagerank_graphalytics_agrees_with_published(kind: str, tolerance: float) -> None:
    ids, whole = build_graph(read_rows(f"pr-{kind}-input"))
    values = [float(x) for x in read_expected(f"pr-{kind}-output", ids)]
    np.testing.assert_allclose(both(lambda: compute_pagerank(*whole)), values, rtol=tolerance)


def test_compute_pagerank_langville_and_meyer_agrees_with_published() -> None:
    """Six pages, the second without links, damping 0.9 (Google's PageRank and Beyond, 2006, chapter
    4).
    """
    links = [(1, 2), (1, 3), (3, 1), (3, 2), (3, 5), (4, 5), (4, 6), (5, 4), (5, 6), (6, 4)]
    found = both(
        lambda: compute_pagerank(*arcs(6, [(a - 1, b - 1) for a, b in links]), damping=0.9)
    )
    assert found.round(8).tolist() == [
        0.03721197,
        0.05395735,
        0.04150565,
        0.37508082,
        0.20599833,
        0.28624589,
    ]
    assert found.round(4).tolist() == [0.0372, 0.0540, 0.0415, 0.3751, 0.2060, 0.2862]


def test_network_kernels_star_agree_with_published() -> None:
    """M39 with votes for the referrer and, the wrong way round, along the referrals; M40 of hub and
    leaves.
    """
    star = [(0, k) for k in range(1, 30)]
    up = compute_pagerank(*arcs(30, [(b, a) for a, b in star]))
    down = compute_pagerank(*arcs(30, star))
    assert (up[[0, 1]].round(3).tolist(), down[[0, 1]].round(4).tolist()) == (
        [0.469, 0.018],
        [0.0324, 0.0334],
    )
    five = compute_structural_holes(*arcs(6, star[:5]))
    assert five is not None
    assert five.constraint.tolist() == pytest.approx([0.2] + 5 * [1.0], rel=1e-15)
    assert five.effective_size.tolist() == [5.0] + 5 * [1.0]
