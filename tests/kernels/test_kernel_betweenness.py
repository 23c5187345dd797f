"""Betweenness beyond the work bound, with more shortest ways than float64 counts, and on any number of threads."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from kernel_graphs import Arcs, arcs, both

from refgraph.kernels.adjacency import simple
from refgraph.kernels.betweenness import betweenness
from refgraph.kernels.brandes import dependencies
from refgraph.kernels.compile import mode
from refgraph.kernels.pagerank import _iterate, _votes
from refgraph.kernels.threads import count

pytestmark = pytest.mark.filterwarnings("error")


def dense(n: int, m: int) -> Arcs:
    stream = np.random.default_rng(5)
    return Arcs(n, *(stream.integers(0, n, m).astype(np.int32) for _ in range(2)))


def test_beyond_the_bound_a_sample_with_errors_that_hold() -> None:
    graph = dense(400, 1600)
    with mode("compiled"):
        exact, found = betweenness(*graph), betweenness(*graph, bound=1)
        others = [betweenness(*graph, bound=1, seed=seed) for seed in range(1, 80)]
    assert (exact.how, found.how, found.sources) == ("exact", "sampled", 100) and exact.sources > 300
    runs = np.array([found.values, *(x.values for x in others)])
    assert max(float(np.abs(x - exact.values).max()) for x in runs) < found.error
    mean_error = np.mean([found.standard_error, *(x.standard_error for x in others)], axis=0)
    busy = exact.values > np.median(exact.values)
    assert 0.85 < np.median(runs.std(axis=0, ddof=1)[busy] / mean_error[busy]) < 1.15
    away = np.abs(runs.mean(axis=0) - exact.values)[busy] / (mean_error[busy] / np.sqrt(len(runs)))
    assert np.median(away) < 1.0 and (away < 5.0).all()


def test_a_sample_of_all_is_exact_and_more_work_means_less_error() -> None:
    graph = dense(120, 400)
    found = [betweenness(*graph, bound=bound) for bound in (1, 10**9)]
    assert found[0].sources == 100 < found[1].sources
    ring = arcs(90, [(k, (k + 1) % 90) for k in range(90)])
    whole = betweenness(*ring, bound=1)
    assert (whole.how, whole.sources, whole.standard_error.tolist()) == ("sampled", 90, [0.0] * 90)
    assert whole.values.tolist() == pytest.approx([88 * 89 / 2] * 90, rel=1e-12)
    less = betweenness(*dense(2000, 8000), bound=3_000_000)
    assert 100 < less.sources < 2000 and less.error < betweenness(*dense(2000, 8000), bound=1).error


def diamonds(many: int) -> Arcs:
    """A line of diamonds: 2 ** many shortest ways from end to end."""
    pairs = []
    for k in range(0, 3 * many, 3):
        pairs += [(k, k + 1), (k, k + 2), (k + 1, k + 3), (k + 2, k + 3)]
    return arcs(3 * many + 1, pairs)


def test_more_shortest_ways_than_a_float_holds() -> None:
    """Node 3k lies between all before and all after; its two followers share what passes between the diamonds."""
    many = 1100
    graph = diamonds(many)
    with mode("compiled"):
        total = dependencies(*simple(*graph), np.arange(0, 3 * many, 3, dtype=np.int32)[:40], 10**9)[0]
    n = graph.n
    joint = [min(k, 40) * (n - 1 - 3 * k) for k in range(many + 1)]
    assert total[::3].tolist() == pytest.approx(joint, rel=1e-12)
    half = [min(k + 1, 40) * (n - 3 * k - 3) / 2 for k in range(many)]
    assert total[1::3].tolist() == pytest.approx(half, rel=1e-12)
    assert total[2::3].tolist() == pytest.approx(half, rel=1e-12)


def test_few_diamonds_agree_with_networkx() -> None:
    graph = diamonds(12)
    expected = nx.betweenness_centrality(nx.DiGraph(graph.pairs()), normalized=False)
    np.testing.assert_allclose(both(lambda: betweenness(*graph)).values, [expected[v] for v in range(graph.n)], rtol=1e-12)


@pytest.mark.parametrize("how", ["plain", "compiled"])
def test_threads_change_no_bit(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = dense(300, 1200)
    votes = _votes(*graph, None)
    part = 1.0 / np.maximum(votes[-1], 1.0)
    seen = set()
    for threads in ("1", "2", "3", "8"):
        monkeypatch.setenv("REFGRAPH_THREADS", threads)
        with mode(how):
            ranks = [_iterate(*votes[:3], part, 0.85, 1e-10, size) for size in (7, 64, 1000)]
            between = [betweenness(*graph), betweenness(*graph, bound=1)]
        seen.add(tuple(x.tobytes() for x in (*ranks, *(x.values for x in between))))
    assert len(seen) == 1


def test_the_number_of_threads_is_a_whole_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFGRAPH_THREADS", "3")
    assert count() == 3
    for wrong in ("0", "-1", "two", "1.5"):
        monkeypatch.setenv("REFGRAPH_THREADS", wrong)
        with pytest.raises(ValueError, match="REFGRAPH_THREADS"):
            count()
