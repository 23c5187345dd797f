"""Betweenness beyond the work bound, with more shortest paths than float64 counts, and on any
number of threads.
"""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from support.kernel_graphs import Arcs, arcs, both

from refgraph.kernels.adjacency import build_simple_csr
from refgraph.kernels.betweenness import compute_betweenness
from refgraph.kernels.brandes import sum_dependencies
from refgraph.kernels.compilation import force_mode
from refgraph.kernels.threads import WorkerPool, count_threads

pytestmark = pytest.mark.filterwarnings("error")


def make_random_graph(n: int, m: int) -> Arcs:
    stream = np.random.default_rng(5)
    return Arcs(n, *(stream.integers(0, n, m).astype(np.int32) for _ in range(2)))


def test_compute_betweenness_beyond_the_bound_samples_with_true_errors() -> None:
    graph = make_random_graph(400, 1600)
    with force_mode("compiled"):
        exact, found = compute_betweenness(*graph), compute_betweenness(*graph, bound=1)
        others = [compute_betweenness(*graph, bound=1, seed=seed) for seed in range(1, 80)]
    assert (exact.method, found.method, found.sources) == (
        "exact",
        "sampled",
        100,
    ) and exact.sources > 300
    runs = np.array([found.values, *(x.values for x in others)])
    assert max(float(np.abs(x - exact.values).max()) for x in runs) < found.error
    mean_error = np.mean([found.standard_error, *(x.standard_error for x in others)], axis=0)
    busy = exact.values > np.median(exact.values)
    assert 0.85 < np.median(runs.std(axis=0, ddof=1)[busy] / mean_error[busy]) < 1.15
    away = np.abs(runs.mean(axis=0) - exact.values)[busy] / (mean_error[busy] / np.sqrt(len(runs)))
    assert np.median(away) < 1.0 and (away < 5.0).all()


def test_compute_betweenness_larger_bound_means_smaller_error() -> None:
    graph = make_random_graph(120, 400)
    found = [compute_betweenness(*graph, bound=bound) for bound in (1, 10**9)]
    assert found[0].sources == 100 < found[1].sources
    ring = arcs(90, [(k, (k + 1) % 90) for k in range(90)])
    whole = compute_betweenness(*ring, bound=1)
    assert (whole.method, whole.sources, whole.standard_error.tolist()) == (
        "sampled",
        90,
        [0.0] * 90,
    )
    assert whole.values.tolist() == pytest.approx([88 * 89 / 2] * 90, rel=1e-12)
    less = compute_betweenness(*make_random_graph(2000, 8000), bound=3_000_000)
    assert (
        100 < less.sources < 2000
        and less.error < compute_betweenness(*make_random_graph(2000, 8000), bound=1).error
    )


def make_diamonds(many: int) -> Arcs:
    """Diamonds in a row: 2 ** many shortest paths from end to end."""
    pairs = []
    for k in range(0, 3 * many, 3):
        pairs += [(k, k + 1), (k, k + 2), (k + 1, k + 3), (k + 2, k + 3)]
    return arcs(3 * many + 1, pairs)


def test_sum_dependencies_more_paths_than_a_float_holds_stay_exact() -> None:
    """Node 3k lies between all before and all after it; its two followers share the paths through
    the diamond.
    """
    many = 1100
    graph = make_diamonds(many)
    with force_mode("compiled"):
        total = sum_dependencies(
            *build_simple_csr(*graph), np.arange(0, 3 * many, 3, dtype=np.int32)[:40], 10**9
        )[0]
    n = graph.n
    joint = [min(k, 40) * (n - 1 - 3 * k) for k in range(many + 1)]
    assert total[::3].tolist() == pytest.approx(joint, rel=1e-12)
    half = [min(k + 1, 40) * (n - 3 * k - 3) / 2 for k in range(many)]
    assert total[1::3].tolist() == pytest.approx(half, rel=1e-12)
    assert total[2::3].tolist() == pytest.approx(half, rel=1e-12)


def test_compute_betweenness_few_diamonds_agree_with_networkx() -> None:
    graph = make_diamonds(12)
    expected = nx.betweenness_centrality(nx.DiGraph(graph.pairs()), normalized=False)
    np.testing.assert_allclose(
        both(lambda: compute_betweenness(*graph)).values,
        [expected[v] for v in range(graph.n)],
        rtol=1e-12,
    )


@pytest.mark.parametrize("mode", ["plain", "compiled"])
def test_compute_betweenness_number_of_threads_changes_no_bit(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = make_random_graph(300, 1200)
    answers = set()
    for threads in ("1", "2", "3", "8"):
        monkeypatch.setenv("REFGRAPH_THREADS", threads)
        with force_mode(mode):
            exact, sampled = compute_betweenness(*graph), compute_betweenness(*graph, bound=1)
        answers.add((exact.values.tobytes(), sampled.values.tobytes()))
    assert len(answers) == 1


def test_worker_pool_any_number_of_threads_keeps_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [str(k) for k in range(20)]
    for threads in ("1", "3"):
        monkeypatch.setenv("REFGRAPH_THREADS", threads)
        with WorkerPool() as pool, WorkerPool(1) as single:
            assert list(pool.map(str, range(20))) == texts
            assert list(single.map(str, range(20))) == texts


def test_count_threads_follows_the_environment_and_refuses_other_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REFGRAPH_THREADS", "3")
    assert count_threads() == 3
    for wrong in ("0", "-1", "two", "1.5"):
        monkeypatch.setenv("REFGRAPH_THREADS", wrong)
        with pytest.raises(ValueError, match="REFGRAPH_THREADS"):
            count_threads()
