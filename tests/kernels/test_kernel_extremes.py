"""Network kernels on nothing, loops only, chains and stars: closed forms, and numbers beyond 32 bits."""

from __future__ import annotations

import numpy as np
import pytest
from kernel_graphs import Arcs, arcs, both

from refgraph.kernels.adjacency import compressed
from refgraph.kernels.betweenness import betweenness, forest_betweenness
from refgraph.kernels.compile import mode
from refgraph.kernels.core import core_numbers
from refgraph.kernels.credit import decay, direct
from refgraph.kernels.decayed import decayed
from refgraph.kernels.distances import distances, previous
from refgraph.kernels.forest import layout
from refgraph.kernels.holes import holes
from refgraph.kernels.once import depth_once
from refgraph.kernels.pagerank import forest_pagerank, pagerank
from refgraph.kernels.weak import components

pytestmark = pytest.mark.filterwarnings("error")
SIZES = [300_000, pytest.param(10_000_000, marks=pytest.mark.slow)]
NONE = np.empty(0, np.int32)


@pytest.mark.parametrize("graph", [arcs(0, []), arcs(1, []), arcs(4, []), arcs(4, [(v, v) for v in (0, 1, 2, 3, 2)])],
                         ids=["nothing", "one", "isolated", "loops only"])  # fmt: skip
def test_where_nobody_meets_anybody(graph: Arcs) -> None:
    n = graph.n
    assert both(lambda: components(*graph)).tolist() == list(range(n))
    assert both(lambda: pagerank(*graph)).tolist() == pytest.approx([1 / n if n else 0] * n, rel=1e-15)
    assert both(lambda: core_numbers(*graph)).tolist() == [0] * n
    assert both(lambda: distances(*graph, NONE)).tolist() == [-1] * n
    assert both(lambda: distances(*graph, np.arange(n, dtype=np.int32))).tolist() == [0] * n
    assert both(lambda: betweenness(*graph)).values.tolist() == [0] * n
    found = both(lambda: holes(*graph))
    assert found is not None and found.degree.tolist() == [0] * n
    assert np.isnan(found.constraint).all() and np.isnan(found.effective_size).all()


def test_what_is_no_graph_is_refused() -> None:
    outside, short = np.array([2], np.int32), np.zeros(2, np.int32)
    for ask in (components, pagerank, core_numbers, betweenness, holes):
        with pytest.raises(ValueError, match="leaves"):
            ask(2, outside, outside)
        with pytest.raises(ValueError, match="1 sources and 2 targets"):
            ask(2, outside, short)
        with pytest.raises(ValueError, match="int32"):
            ask(2, outside.astype(np.int64), outside)
    for wrong in (-1.0, np.nan, np.inf):
        with pytest.raises(ValueError, match="weight"):
            pagerank(3, outside, outside, np.array([wrong]))
    for damping in (1.0, -0.1, np.nan):
        for ask in (lambda: pagerank(1, NONE, NONE, damping=damping), lambda: forest_pagerank(NONE, damping)):
            with pytest.raises(ValueError, match="damping"):
                ask()
    with pytest.raises(ValueError, match="tolerance"):
        pagerank(1, NONE, NONE, tolerance=0.0)


def test_beyond_the_bound_there_are_no_holes_and_a_hub_is_no_work() -> None:
    full = arcs(20, [(u, v) for u in range(20) for v in range(20)])
    pairs = sum(k * (k - 1) // 2 for k in range(20))
    assert holes(*full, bound=pairs) is not None and holes(*full, bound=pairs - 1) is None
    assert holes(*arcs(100, [(0, v) for v in range(1, 100)]), bound=0) is not None


@pytest.mark.parametrize("n", SIZES)
def test_a_long_chain(n: int) -> None:
    place = np.arange(n, dtype=np.int32)
    graph = Arcs(n, place[:-1].copy(), place[1:].copy())
    shuffled = Arcs(n, *(x[np.random.default_rng(3).permutation(n - 1)] for x in graph[1:]))
    parent = place - np.int32(1)
    with mode("compiled"):
        for arcs_ in (graph, shuffled):
            assert not components(*arcs_).any()
        assert (core_numbers(*graph) == 1).all()
        far = distances(*shuffled, place[:1])
        assert (far == place).all() and (previous(*shuffled, far) == parent).all()
        found = betweenness(*shuffled)
        exact = place.astype(np.int64) * (n - 1 - place.astype(np.int64))
        assert found.how == "forest" and int(exact.max()) > 2**31 and (found.values == exact).all()
        assert (forest_betweenness(n - place, place) == exact).all()
        theirs = holes(*graph)
        assert theirs is not None
        assert (theirs.constraint[1:-1] == 0.5).all() and theirs.constraint[[0, -1]].tolist() == [1.0, 1.0]
        voted, heard = pagerank(n, graph.target, graph.source), forest_pagerank(parent)
        assert np.abs(voted - heard).sum() < 1e-10 and heard.sum() == pytest.approx(1.0, abs=1e-12)
        assert (depth_once(parent)[0] == place).all()
        spread = decay(parent, place, np.ones(n), 0.5)
        assert spread.credit.sum() == pytest.approx(n, rel=1e-12)


@pytest.mark.parametrize("n", SIZES)
def test_a_large_star(n: int) -> None:
    place = np.arange(n, dtype=np.int32)
    graph = Arcs(n, np.zeros(n - 1, np.int32), place[1:].copy())
    parent = np.minimum(place - 1, 0).astype(np.int32)
    with mode("compiled"):
        assert not components(*graph).any() and (core_numbers(*graph) == 1).all()
        assert (distances(*graph, place[1:2]) == np.where(place == 1, 0, -1)).all()
        assert not betweenness(*graph).values.any()
        theirs = holes(*graph)
        assert theirs is not None and theirs.constraint[0] == pytest.approx(1 / (n - 1), rel=1e-12)
        assert theirs.effective_size[0] == n - 1 and (theirs.constraint[1:] == 1.0).all()
        heard = forest_pagerank(parent)
        assert np.abs(pagerank(n, graph.target, graph.source) - heard).sum() < 1e-10
        assert (layout(parent).order == place).all()
        given = direct(np.maximum(np.arange(n + 1) - 1, 0), graph.source, np.ones(n - 1), np.full(n, 7.0))
        assert given.credit[0] == 7.0 * n and not given.credit[1:].any()


def test_a_star_both_ways_is_sampled_within_its_error() -> None:
    n = 300_000
    hub, leaf = np.zeros(n - 1, np.int32), np.arange(1, n, dtype=np.int32)
    with mode("compiled"):
        found = betweenness(n, np.concatenate([hub, leaf]), np.concatenate([leaf, hub]), bound=10 * n)
    pairs = (n - 1) * (n - 2)
    assert found.how == "sampled" and found.values[0] == pytest.approx(pairs, rel=0.05)
    assert abs(found.values[0] - pairs) <= found.error and not found.values[1:].any()


def test_products_of_sizes_pass_32_bits() -> None:
    """60,000 before, 60,000 behind one node: 3.6 thousand million pairs, estimated from 100 of 60,001 sources."""
    k = 60_000
    ends = np.arange(k, dtype=np.int32)
    source = np.concatenate([ends, np.full(k, 2 * k, np.int32)])
    target = np.concatenate([np.full(k, 2 * k, np.int32), ends + np.int32(k)])
    with mode("compiled"):
        found = betweenness(2 * k + 1, source, target, bound=2 * k)
    assert (found.how, found.sources) == ("sampled", 100)
    assert found.values[2 * k] == pytest.approx(k * k, rel=0.05) and found.values[2 * k] > 2**31


def test_decayed_reach_of_a_long_ladder_does_not_overflow() -> None:
    """A chain of 100,000 that begins with a meeting: the sum of powers has a closed form."""
    n = 100_000
    source = np.concatenate([[0, 0, 1, 2], np.arange(3, n - 1)]).astype(np.int32)
    target = np.concatenate([[1, 2, 3, 3], np.arange(4, n)]).astype(np.int32)
    with mode("compiled"):
        in_ptr, (out_ptr, out_dst) = compressed(n, target, source)[0], compressed(n, source, target)
        found = decayed(in_ptr, out_ptr, out_dst, np.ones(n), 1.0)
        halved = decayed(in_ptr, out_ptr, out_dst, np.ones(n), 0.5)
    assert found[0] == n - 1 and (found[3:] == np.arange(n - 4, -1, -1)).all()
    assert halved[0] == pytest.approx(0.5 + 0.5 + 0.5) and halved[3] == pytest.approx(1.0)
