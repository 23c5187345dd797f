"""Network kernels on empty graphs, self-loops, chains and stars: closed forms, and numbers beyond
32 bits.
"""

from __future__ import annotations

import numpy as np
import pytest
from support.kernel_graphs import Arcs, arcs, both

from refgraph.kernels.adjacency import build_csr
from refgraph.kernels.betweenness import compute_betweenness, compute_forest_betweenness
from refgraph.kernels.compilation import force_mode
from refgraph.kernels.core import compute_core_numbers
from refgraph.kernels.credit import compute_decay_credit
from refgraph.kernels.decayed_reach import compute_decayed_reach
from refgraph.kernels.distances import compute_distances
from refgraph.kernels.forest import to_preorder
from refgraph.kernels.pagerank import compute_pagerank
from refgraph.kernels.structural_holes import compute_structural_holes
from refgraph.kernels.weak_components import label_weak_components

pytestmark = pytest.mark.filterwarnings("error")
SIZES = [300_000, pytest.param(10_000_000, marks=pytest.mark.slow)]
NONE = np.empty(0, np.int32)


@pytest.mark.parametrize(
    "graph",
    [arcs(0, []), arcs(1, []), arcs(4, []), arcs(4, [(v, v) for v in (0, 1, 2, 3, 2)])],
    ids=["empty", "one", "isolated", "self-loops"],
)
def test_network_kernels_without_neighbors_give_trivial_answers(graph: Arcs) -> None:
    n = graph.n
    assert both(lambda: label_weak_components(*graph)).tolist() == list(range(n))
    assert both(lambda: compute_pagerank(*graph)).tolist() == pytest.approx(
        [1 / n if n else 0] * n, rel=1e-15
    )
    assert both(lambda: compute_core_numbers(*graph)).tolist() == [0] * n
    assert both(lambda: compute_distances(*graph, NONE)).tolist() == [-1] * n
    assert both(lambda: compute_distances(*graph, np.arange(n, dtype=np.int32))).tolist() == [0] * n
    assert both(lambda: compute_betweenness(*graph)).values.tolist() == [0] * n
    found = both(lambda: compute_structural_holes(*graph))
    assert found is not None and found.degree.tolist() == [0] * n
    assert np.isnan(found.constraint).all() and np.isnan(found.effective_size).all()


def test_network_kernels_wrong_arcs_are_refused() -> None:
    outside, short = np.array([2], np.int32), np.zeros(2, np.int32)
    for ask in (
        label_weak_components,
        compute_pagerank,
        compute_core_numbers,
        compute_betweenness,
        compute_structural_holes,
    ):
        with pytest.raises(ValueError, match="leaves"):
            ask(2, outside, outside)
        with pytest.raises(ValueError, match="1 sources and 2 targets"):
            ask(2, outside, short)
        with pytest.raises(ValueError, match="int32"):
            ask(2, outside.astype(np.int64), outside)


def test_compute_pagerank_wrong_options_are_refused() -> None:
    outside = np.array([2], np.int32)
    for wrong in (-1.0, np.nan, np.inf):
        with pytest.raises(ValueError, match="weight"):
            compute_pagerank(3, outside, outside, np.array([wrong]))
    for damping in (1.0, -0.1, np.nan):
        with pytest.raises(ValueError, match="damping"):
            compute_pagerank(1, NONE, NONE, damping=damping)
    with pytest.raises(ValueError, match="tolerance"):
        compute_pagerank(1, NONE, NONE, tolerance=0.0)


def test_compute_structural_holes_beyond_the_bound_is_none_and_a_hub_costs_nothing() -> None:
    full = arcs(20, [(u, v) for u in range(20) for v in range(20)])
    pairs = sum(k * (k - 1) // 2 for k in range(20))
    assert compute_structural_holes(*full, bound=pairs) is not None
    assert compute_structural_holes(*full, bound=pairs - 1) is None
    star = arcs(100, [(0, v) for v in range(1, 100)])
    assert compute_structural_holes(*star, bound=0) is not None


@pytest.mark.parametrize("n", SIZES)
def test_network_kernels_long_chain_agree_with_closed_forms(n: int) -> None:
    index = np.arange(n, dtype=np.int32)
    graph = Arcs(n, index[:-1].copy(), index[1:].copy())
    shuffled = Arcs(n, *(x[np.random.default_rng(3).permutation(n - 1)] for x in graph[1:]))
    with force_mode("compiled"):
        for order in (graph, shuffled):
            assert not label_weak_components(*order).any()
        assert (compute_core_numbers(*graph) == 1).all()
        assert (compute_distances(*shuffled, index[:1]) == index).all()
        between = compute_betweenness(*shuffled)
        exact = index.astype(np.int64) * (n - 1 - index.astype(np.int64))
        assert between.method == "forest"
        assert int(exact.max()) > 2**31
        assert (between.values == exact).all()
        assert (compute_forest_betweenness(n - index, index) == exact).all()
        holes = compute_structural_holes(*graph)
        assert holes is not None
        assert (holes.constraint[1:-1] == 0.5).all()
        assert holes.constraint[[0, -1]].tolist() == [1.0, 1.0]
        rank = compute_pagerank(n, graph.target, graph.source)
        assert np.abs(rank - rank_tree(n - index, 0.85)).sum() < 1e-10
        spread = compute_decay_credit(index - np.int32(1), index, np.ones(n), 0.5)
        assert spread.credit.sum() == pytest.approx(n, rel=1e-12)


def rank_tree(height: np.ndarray, damping: float) -> np.ndarray:
    """PageRank of a chain whose members vote upwards, in closed form: heard from those below, as
    shares.
    """
    heard = (1.0 - damping ** height.astype(np.float64)) / (1.0 - damping)
    return heard / heard.sum()


@pytest.mark.parametrize("n", SIZES)
def test_network_kernels_large_star_agree_with_closed_forms(n: int) -> None:
    index = np.arange(n, dtype=np.int32)
    graph = Arcs(n, np.zeros(n - 1, np.int32), index[1:].copy())
    parent = np.minimum(index - 1, 0).astype(np.int32)
    with force_mode("compiled"):
        assert not label_weak_components(*graph).any()
        assert (compute_core_numbers(*graph) == 1).all()
        from_leaf = compute_distances(*graph, index[1:2])
        assert (from_leaf == np.where(index == 1, 0, -1)).all()
        assert not compute_betweenness(*graph).values.any()
        holes = compute_structural_holes(*graph)
        assert holes is not None
        assert holes.constraint[0] == pytest.approx(1 / (n - 1), rel=1e-12)
        assert holes.effective_size[0] == n - 1
        assert (holes.constraint[1:] == 1.0).all()
        heard = np.ones(n)
        heard[0] += 0.85 * (n - 1)
        rank = compute_pagerank(n, graph.target, graph.source)
        assert np.abs(rank - heard / heard.sum()).sum() < 1e-10
        assert (to_preorder(parent).order == index).all()


def test_compute_betweenness_large_star_is_sampled_within_its_error() -> None:
    n = 300_000
    hub, leaf = np.zeros(n - 1, np.int32), np.arange(1, n, dtype=np.int32)
    with force_mode("compiled"):
        found = compute_betweenness(
            n, np.concatenate([hub, leaf]), np.concatenate([leaf, hub]), bound=10 * n
        )
    pairs = (n - 1) * (n - 2)
    assert found.method == "sampled" and found.values[0] == pytest.approx(pairs, rel=0.05)
    assert abs(found.values[0] - pairs) <= found.error and not found.values[1:].any()


def test_compute_betweenness_products_beyond_32_bits_do_not_overflow() -> None:
    """60,000 nodes before and 60,000 behind one node: 3.6 billion pairs, estimated from 100 of
    60,001 sources.
    """
    k = 60_000
    ends = np.arange(k, dtype=np.int32)
    source = np.concatenate([ends, np.full(k, 2 * k, np.int32)])
    target = np.concatenate([np.full(k, 2 * k, np.int32), ends + np.int32(k)])
    with force_mode("compiled"):
        found = compute_betweenness(2 * k + 1, source, target, bound=2 * k)
    assert (found.method, found.sources) == ("sampled", 100)
    assert found.values[2 * k] == pytest.approx(k * k, rel=0.05) and found.values[2 * k] > 2**31


def test_compute_decayed_reach_long_chain_below_a_fork_does_not_overflow() -> None:
    """A chain of 100,000 below two paths that meet: the sum of powers has a closed form."""
    n = 100_000
    source = np.concatenate([[0, 0, 1, 2], np.arange(3, n - 1)]).astype(np.int32)
    target = np.concatenate([[1, 2, 3, 3], np.arange(4, n)]).astype(np.int32)
    with force_mode("compiled"):
        in_ptr, (out_ptr, out_dst) = build_csr(n, target, source)[0], build_csr(n, source, target)
        found = compute_decayed_reach(in_ptr, out_ptr, out_dst, np.ones(n), 1.0)
        halved = compute_decayed_reach(in_ptr, out_ptr, out_dst, np.ones(n), 0.5)
    assert found[0] == n - 1 and (found[3:] == np.arange(n - 4, -1, -1)).all()
    assert halved[0] == pytest.approx(0.5 + 0.5 + 0.5) and halved[3] == pytest.approx(1.0)
