"""Kernels against networkx and brute force, run both as plain Python and compiled; the same bits both ways."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from fractions import Fraction

import networkx as nx
import numpy as np
import pytest

from refgraph.kernels import acyclic, compile, credit, forest, loops, passes, reach


@pytest.fixture(params=["plain", "compiled"], autouse=True)
def way(request: pytest.FixtureRequest) -> Iterator[str]:
    with compile.mode(request.param):
        yield request.param


def forests(seed: int, number: int) -> Iterator[np.ndarray]:
    """Random parents by node, ids shuffled; among them stars, chains and isolated nodes."""
    draw = np.random.default_rng(seed)
    for _ in range(number):
        n = int(draw.integers(1, 14))
        up = np.array([draw.integers(-1, k) if k else -1 for k in range(n)])
        name = draw.permutation(n)
        parent = np.full(n, -1, np.int32)
        parent[name] = np.where(up >= 0, name[up], -1)
        yield parent


def dags(seed: int, number: int) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Random acyclic arcs, sorted by referred, referrer."""
    draw = np.random.default_rng(seed)
    for _ in range(number):
        n = int(draw.integers(1, 9))
        pairs = sorted({(int(b), int(a)) for a, b in np.sort(draw.integers(0, n, (int(draw.integers(0, 14)), 2)), axis=1) if a != b})
        yield n, np.array([a for _, a in pairs], np.int32), np.array([b for b, _ in pairs], np.int32)


def pointers(ends: np.ndarray, n: int) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=n))]).astype(np.int64)


def test_layout_is_a_preorder_and_passes_carry_up_and_down() -> None:
    for parent in forests(1, 150):
        n, laid = len(parent), forest.layout(parent)
        graph = nx.DiGraph([(int(p), v) for v, p in enumerate(parent) if p >= 0])
        graph.add_nodes_from(range(n))
        w = np.arange(1.0, n + 1)
        up, down = passes.sums_up(laid.parent, w[laid.order]), passes.sums_down(laid.parent, w[laid.order])
        height, katz = passes.heights(laid.parent), passes.decayed(laid.parent, w[laid.order], 0.5)
        for place, v in enumerate(laid.order.tolist()):
            below = nx.single_source_shortest_path_length(graph, v)
            assert set(laid.order[place : place + laid.size[place]].tolist()) == set(below)
            assert laid.depth[place] == len(nx.ancestors(graph, v))
            assert up[place] == sum(w[x] for x in below)
            assert down[place] == w[v] + sum(w[x] for x in nx.ancestors(graph, v))
            assert height[place] == max(below.values())
            assert math.isclose(katz[place], sum(w[x] * 0.5**d for x, d in below.items() if d), abs_tol=1e-12)
        depth, root = forest.depth_once(parent)
        assert depth.tolist() == [len(nx.ancestors(graph, v)) for v in range(n)]
        assert all(root[v] == min(nx.ancestors(graph, v) | {v}, key=lambda x: depth[x]) for v in range(n))


def test_a_loop_is_no_forest() -> None:
    with pytest.raises(ValueError):
        forest.layout(np.array([1, 0], np.int32))


def literal_cuts(n: int, arcs: set[tuple[int, int]], rank: np.ndarray) -> set[tuple[int, int]]:
    graph, cut = nx.DiGraph(list(arcs)), set()
    while found := [c for c in nx.strongly_connected_components(graph) if len(c) > 1]:
        for loop in found:
            first = min(loop, key=lambda x: rank[x])
            inner = [(u, v) for u, v in graph.in_edges(first) if u in loop]
            cut |= set(inner)
            graph.remove_edges_from(inner)
    return cut


def test_cuts_are_those_of_the_definition() -> None:
    draw = np.random.default_rng(5)
    for _ in range(700):
        n = int(draw.integers(1, 9))
        arcs = sorted({(int(a), int(b)) for a, b in draw.integers(0, n, (int(draw.integers(0, 20)), 2)) if a != b})
        source, target = (np.array([x[k] for x in arcs], np.int32) for k in (0, 1))
        rank = draw.permutation(n)
        cut = loops.cuts(n, source, target, rank)
        assert {x for x, c in zip(arcs, cut, strict=True) if c} == literal_cuts(n, set(arcs), rank)
        graph = nx.DiGraph(arcs)
        graph.add_nodes_from(range(n))
        label = loops.components(n, source, target)
        assert all(label[x] == min(c) for c in nx.strongly_connected_components(graph) for x in c)


def shapley_by_orders(n: int, above: list[int], w: list[int]) -> list[Fraction]:
    """The Shapley value of v(S) = sum of w_i over the i in S whose ancestors are all in S, over all orders of joining."""
    out = [Fraction(0)] * n

    def chain(i: int) -> set[int]:
        return {i} if above[i] < 0 else {i} | chain(above[i])

    for order in itertools.permutations(range(n)):
        there: set[int] = set()
        for x in order:
            before = sum(w[i] for i in there if chain(i) <= there)
            there.add(x)
            out[x] += sum(w[i] for i in there if chain(i) <= there) - before
    return [x / math.factorial(n) for x in out]


def test_credit_is_the_shapley_value() -> None:
    for parent in (p for p in forests(7, 60) if len(p) <= 6):
        w = np.arange(3, 3 + len(parent))
        laid = forest.layout(parent)
        found = forest.scatter(credit.shapley(laid.parent, laid.depth, w[laid.order].astype(float)), laid.order)
        assert found == pytest.approx([float(x) for x in shapley_by_orders(len(parent), parent.tolist(), w.tolist())])


def mixture_by_choices(n: int, source: np.ndarray, target: np.ndarray, w: np.ndarray) -> np.ndarray:
    """The mean of the Shapley credit over every choice of one referrer each."""
    options = [source[target == v].tolist() or [-1] for v in range(n)]
    out, choices = np.zeros(n), list(itertools.product(*options))
    for parent in choices:
        laid = forest.layout(np.array(parent, np.int32))
        out += forest.scatter(credit.shapley(laid.parent, laid.depth, w[laid.order]), laid.order)
    return out / len(choices)


def test_mixture_and_reach_on_acyclic_graphs() -> None:
    for n, source, target in dags(9, 120):
        share = np.array([1 / (target == v).sum() for v in target])
        back = np.argsort(source, kind="stable")
        into, out = pointers(target, n), pointers(source, n)
        w = np.arange(1.0, n + 1)
        mixed = credit.mixture(into, source, share, out, target[back], share[back], w)
        assert mixed is not None
        np.testing.assert_allclose(mixed.credit, mixture_by_choices(n, source, target, w), atol=1e-12)
        assert math.isclose(mixed.credit.sum(), w.sum())
        decayed = credit.mixture(into, source, share, out, target[back], share[back], w, 0.5)
        assert decayed is not None
        assert math.isclose(decayed.credit.sum(), w.sum())
        graph = nx.DiGraph(list(zip(source.tolist(), target.tolist(), strict=True)))
        graph.add_nodes_from(range(n))
        number, worth = reach.distinct(into, out, target[back], w)
        assert number.tolist() == [len(nx.descendants(graph, v)) for v in range(n)]
        assert worth.tolist() == [sum(w[x] for x in nx.descendants(graph, v)) for v in range(n)]
        place = np.argsort(acyclic.topological(into, out, target[back]))
        assert (place[source] < place[target]).all()


def test_bounds_of_work_are_kept() -> None:
    source, target = np.array([0, 1, 0, 2], np.int32), np.array([1, 2, 2, 3], np.int32)
    into, out, back = pointers(target, 4), pointers(source, 4), np.argsort(source, kind="stable")
    share, w = np.array([1.0, 0.5, 0.5, 1.0]), np.ones(4)
    assert credit.mixture(into, source, share, out, target[back], share[back], w, 1.0, 3) is None
    number, worth = reach.distinct(into, out, target[back], w, 1)
    assert number[0] == -1
    assert math.isnan(worth[0])
    assert number[3] == 0


def test_chains_and_stars_of_a_million() -> None:
    n = 1_000_000
    with compile.mode("compiled"):
        chain = forest.layout(np.arange(-1, n - 1, dtype=np.int32))
        assert passes.sums_up(chain.parent, np.ones(n))[0] == n
        star = forest.layout(np.where(np.arange(n) > 0, 0, -1).astype(np.int32))
        assert star.size[0] == n
        ring = loops.cuts(n, np.arange(n, dtype=np.int32), np.roll(np.arange(n, dtype=np.int32), -1), np.arange(n))
        assert np.flatnonzero(ring).tolist() == [n - 1]
