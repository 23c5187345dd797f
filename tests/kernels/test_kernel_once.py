"""One question of a forest without a layout, and depth and root with one; against exact fractions and networkx."""

from __future__ import annotations

from fractions import Fraction

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_graphs import bits, both, forests, many

from refgraph.kernels import credit, forest, passes
from refgraph.kernels.compile import mode
from refgraph.kernels.once import depth_once, shapley_once


def lines(parent: np.ndarray) -> list[list[int]]:
    """Each node with all its ancestors, from itself up."""
    found = []
    for v in range(len(parent)):
        line = [v]
        while parent[line[-1]] >= 0:
            line.append(int(parent[line[-1]]))
        found.append(line)
    return found


@given(forests(), st.randoms(use_true_random=False))
@many
def test_shapley_once_is_the_exact_value(parent: np.ndarray, draw) -> None:
    w = [draw.randrange(-9, 100) for _ in parent]
    exact = [Fraction(0)] * len(parent)
    for v, line in enumerate(lines(parent)):
        for u in line:
            exact[u] += Fraction(w[v], len(line))
    found = both(lambda: shapley_once(parent, np.array(w, np.float64)))
    assert found.dtype == np.float64
    assert np.allclose(found, [float(x) for x in exact], rtol=1e-13, atol=1e-13)
    laid = forest.layout(parent)
    again = credit.shapley(laid.parent, laid.depth, np.array(w, np.float64)[laid.order])
    assert np.allclose(found, forest.scatter(again, laid.order), rtol=1e-12, atol=1e-12)


@given(forests())
@many
def test_depth_and_root_both_ways(parent: np.ndarray) -> None:
    depth = [len(line) - 1 for line in lines(parent)]
    top = [line[-1] for line in lines(parent)]
    once = both(lambda: depth_once(parent))
    assert [part.dtype for part in once] == [np.int32, np.int32]
    assert [part.tolist() for part in once] == [depth, top]
    laid = forest.layout(parent)
    deep, root = both(lambda: passes.descent(laid.parent))
    assert forest.scatter(deep, laid.order).tolist() == depth
    assert forest.scatter(laid.order[root], laid.order).tolist() == top
    assert both(lambda: passes.roots(laid.parent)).tolist() == root.tolist()


def test_the_worked_chain() -> None:
    chain = np.array([-1, 0, 1], np.int32)
    assert np.allclose(shapley_once(chain, np.full(3, 10.0)), [55 / 3, 25 / 3, 10 / 3])


@given(st.integers(1, 12).flatmap(lambda n: st.lists(st.integers(-1, n - 1), min_size=n, max_size=n)))
@many
def test_a_loop_anywhere_is_found_and_nothing_else(above: list[int]) -> None:
    parent = np.array(above, np.int32)
    graph = nx.DiGraph([(v, p) for v, p in enumerate(above) if p >= 0])
    for how in ("plain", "compiled"):
        with mode(how):
            if nx.is_directed_acyclic_graph(graph):
                assert depth_once(parent)[0].tolist() == [len(line) - 1 for line in lines(parent)]
            else:
                for ask in (depth_once, lambda p: shapley_once(p, np.ones(len(p)))):
                    with pytest.raises(ValueError, match="loop"):
                        ask(parent)


@pytest.mark.parametrize("up", [True, False])
def test_a_chain_of_a_million(up: bool) -> None:
    n = 1_000_001
    parent = np.arange(-1, n - 1, dtype=np.int32)
    if not up:
        parent = (n - 1 - np.where(parent >= 0, parent, n)[::-1]).astype(np.int32)
    depth, root = depth_once(parent)
    expected = np.arange(n) if up else np.arange(n)[::-1]
    assert np.array_equal(depth, expected)
    assert (root == (0 if up else n - 1)).all()
    found = shapley_once(parent, np.ones(n))
    assert found.sum() == pytest.approx(n, rel=1e-12)
    assert found.max() == pytest.approx(float((1 / np.arange(1, n + 1)).sum()), rel=1e-9)


def bushy(n: int, chain: int = 0) -> np.ndarray:
    """A random recursive forest, numbered at random; its first nodes form a chain."""
    rng = np.random.default_rng(n + chain)
    above = (rng.random(n) * np.arange(n)).astype(np.int32)
    above[rng.random(n) < 0.1] = -1
    above[: chain + 1] = np.arange(-1, chain)
    above[0] = -1
    name = rng.permutation(n).astype(np.int32)
    parent = np.full(n, -1, np.int32)
    parent[name] = np.where(above < 0, -1, name[above])
    return parent


@pytest.mark.parametrize("chain", [0, 4094, 4095, 4096, 9000], ids="chain {}".format)
def test_threads_change_no_bit_however_long_the_ways_are(chain: int, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = bushy(600_000, chain)
    w = np.random.default_rng(3).random(len(parent))
    laid = forest.layout(parent)
    found = []
    for threads in ("1", "2", "8"):
        monkeypatch.setenv("REFGRAPH_THREADS", threads)
        with mode("compiled"):
            found.append((*depth_once(parent), shapley_once(parent, w)))
    assert bits(found[0]) == bits(found[1]) == bits(found[2])
    depth, root, credits = found[0]
    assert np.array_equal(depth, forest.scatter(laid.depth, laid.order)) and (depth.max() >= chain - 1)
    assert np.array_equal(root, forest.scatter(laid.order[passes.roots(laid.parent)], laid.order))
    again = forest.scatter(credit.shapley(laid.parent, laid.depth, w[laid.order]), laid.order)
    assert np.allclose(credits, again, rtol=1e-12)


def test_a_loop_beside_short_ways_is_found_by_every_thread() -> None:
    parent = bushy(600_000)
    parent[[0, 599_999]] = [599_999, 0]
    for ask in (depth_once, lambda p: shapley_once(p, np.ones(len(p)))):
        with mode("compiled"), pytest.raises(ValueError, match="loop"):
            ask(parent)
