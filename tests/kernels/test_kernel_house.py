"""Kernels against networkx, brute force and exact fractions on random graphs; plain and compiled give the same bits."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracles import cut

from refgraph.kernels import acyclic, compile, credit, forest, loops, passes, reach

Arcs = tuple[int, list[tuple[int, int]]]
CALM = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def graphs(most: int, acyclic_only: bool = False) -> st.SearchStrategy[Arcs]:
    """(n, arcs sorted by referred, referrer); without loops when asked, under names that tell nothing of the order."""

    def arcs(n: int) -> st.SearchStrategy[Arcs]:
        end = st.integers(0, n - 1)
        pairs = st.sets(st.tuples(end, end).filter(lambda x: x[0] < x[1] if acyclic_only else x[0] != x[1]), max_size=2 * n)
        named = st.tuples(pairs, st.permutations(range(n)))
        return named.map(lambda x: (n, sorted(((x[1][u], x[1][v]) for u, v in x[0]), key=lambda p: (p[1], p[0]))))

    return st.integers(2, most).flatmap(arcs)


def both(ask: Callable[[], Any]) -> Any:
    """The answer, which must be the same to the bit both ways."""
    found = []
    for way in ("plain", "compiled"):
        with compile.mode(way):
            found.append(ask())
    first, second = ([(y.dtype, y.tobytes()) for y in (x if isinstance(x, tuple) else (x,))] for x in found)
    assert first == second
    return found[0]


def ends(arcs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([u for u, _ in arcs], np.int32), np.array([v for _, v in arcs], np.int32)


def rows(n: int, arcs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """in_ptr, in_src, out_ptr, out_dst, and the place of each outgoing arc among the incoming ones."""
    source, target = ends(arcs)
    back = np.argsort(source, kind="stable")
    into, out = (np.concatenate([[0], np.cumsum(np.bincount(x, minlength=n))]).astype(np.int64) for x in (target, source))
    return into, source, out, target[back], back


def drawn(n: int, arcs: list[tuple[int, int]]) -> nx.DiGraph[int]:
    graph = nx.DiGraph(arcs)
    graph.add_nodes_from(range(n))
    return graph


@CALM
@given(graphs(9), st.randoms(use_true_random=False))
def test_cuts_and_components(found: Arcs, chance: Any) -> None:
    n, arcs = found
    joined = [f"{k:04d}" for k in range(n)]
    chance.shuffle(joined)
    gone = both(lambda: loops.cuts(n, *ends(arcs), np.array(joined).astype(np.int64)))
    left = cut({(str(u), str(v)) for u, v in arcs}, {str(k): day for k, day in enumerate(joined)})
    assert {(str(u), str(v)) for (u, v), c in zip(arcs, gone, strict=True) if not c} == left
    label = both(lambda: loops.components(n, *ends(arcs)))
    assert {x: min(c) for c in nx.strongly_connected_components(drawn(n, arcs)) for x in c} == dict(enumerate(label.tolist()))


@CALM
@given(graphs(9))
def test_a_topological_order_or_the_loop_is_told(found: Arcs) -> None:
    n, arcs = found
    into, _, out, dst, _ = rows(n, arcs)
    graph = drawn(n, arcs)
    looped = {x for c in nx.strongly_connected_components(graph) if len(c) > 1 for x in c}
    stuck = looped.union(*(nx.descendants(graph, x) for x in looped))
    assert set(np.flatnonzero(both(lambda: acyclic.behind_loops(n, *ends(arcs))))) == stuck
    if stuck:
        for way in ("plain", "compiled"):
            with compile.mode(way), pytest.raises(ValueError, match="loop"):
                acyclic.topological(into, out, dst)
        return
    order = both(lambda: acyclic.topological(into, out, dst)).tolist()
    roots = [v for v in range(n) if not graph.in_degree(v)]
    assert sorted(order) == list(range(n))
    assert order[: len(roots)] == roots
    assert all(order.index(u) < order.index(v) for u, v in arcs)


def climbed(n: int, arcs: list[tuple[int, int]], share: list[Fraction], w: list[int], delta: Fraction) -> list[Fraction]:
    """Every worth spread along each random walk up the referrers, in proportion to delta ** distance."""
    out = [Fraction(0)] * n

    def climb(path: list[int], chance: Fraction) -> None:
        above = [(u, s) for (u, v), s in zip(arcs, share, strict=True) if v == path[-1]]
        for distance, x in enumerate(path if not above else ()):
            out[x] += chance * w[path[0]] * delta**distance / sum(delta**k for k in range(len(path)))
        for u, s in above:
            climb([*path, u], chance * s)

    for x in range(n):
        climb([x], Fraction(1))
    return out


@CALM
@given(graphs(7, acyclic_only=True), st.data())
def test_mixture_is_the_mean_over_random_walks(found: Arcs, data: st.DataObject) -> None:
    n, arcs = found
    into, src, out, dst, back = rows(n, arcs)
    w = data.draw(st.lists(st.integers(-5, 40), min_size=n, max_size=n))
    parts = data.draw(st.lists(st.integers(1, 9), min_size=len(arcs), max_size=len(arcs)))
    delta = data.draw(st.sampled_from([Fraction(1), Fraction(1, 2)]))
    total = {v: sum(p for p, (_, x) in zip(parts, arcs, strict=True) if x == v) for _, v in arcs}
    share = [Fraction(p, total[v]) for p, (_, v) in zip(parts, arcs, strict=True)]
    s = np.array([float(x) for x in share])

    def ask() -> tuple[np.ndarray, np.ndarray]:
        made = credit.mixture(into, src, s, out, dst, s[back], np.array(w, float), float(delta))
        assert made is not None
        return made.credit, made.own

    credited, own = both(ask)
    expected = climbed(n, arcs, share, w, delta)
    np.testing.assert_allclose(credited, [float(x) for x in expected], atol=1e-11)
    for v in range(n):
        mine = climbed(n, arcs, share, [w[v] * (x == v) for x in range(n)], delta)
        assert own[v] == pytest.approx(float(mine[v]), abs=1e-11)


@CALM
@given(graphs(12, acyclic_only=True), st.data())
def test_reach_counts_each_party_once(found: Arcs, data: st.DataObject) -> None:
    n, arcs = found
    into, _, out, dst, _ = rows(n, arcs)
    graph = drawn(n, arcs)
    w = data.draw(st.lists(st.integers(-9, 99), min_size=n, max_size=n))
    number, worth = both(lambda: reach.distinct(into, out, dst, np.array(w, float)))
    below = [nx.descendants(graph, v) for v in range(n)]
    assert number.tolist() == [len(x) for x in below]
    assert worth.tolist() == [sum(w[x] for x in each) for each in below]
    some = data.draw(st.lists(st.integers(0, n - 1), max_size=3))
    reached = both(lambda: reach.of_set(out, dst, np.array(some, np.int32)))
    assert set(np.flatnonzero(reached)) == set(some).union(*(below[x] for x in some))


@CALM
@given(st.lists(st.integers(-1, 30), min_size=1, max_size=16), st.data())
def test_passes_over_forests(climb: list[int], data: st.DataObject) -> None:
    parent = np.array([min(p, k - 1) for k, p in enumerate(climb)], np.int32)
    n, laid = len(parent), both(lambda: _fields(forest.layout(parent)))
    order, up, size, depth = laid
    graph = drawn(n, [(int(p), v) for v, p in enumerate(parent) if p >= 0])
    w = np.array(data.draw(st.lists(st.integers(-9, 99), min_size=n, max_size=n)), float)
    below = [nx.single_source_shortest_path_length(graph, v) for v in order.tolist()]
    above = [nx.ancestors(graph, v) | {v} for v in order.tolist()]
    assert (size.tolist(), depth.tolist()) == ([len(x) for x in below], [len(x) - 1 for x in above])
    placed = w[order]
    assert both(lambda: passes.sums_up(up, placed)).tolist() == [sum(w[x] for x in each) for each in below]
    assert both(lambda: passes.sums_down(up, placed)).tolist() == [sum(w[x] for x in each) for each in above]
    assert both(lambda: passes.heights(up)).tolist() == [max(each.values()) for each in below]
    decayed = [sum(w[x] * 0.5**d for x, d in each.items() if d) for each in below]
    np.testing.assert_allclose(both(lambda: passes.decayed(up, placed, 0.5)), decayed, atol=1e-9)
    shapley = [sum(w[x] / (len(nx.ancestors(graph, x)) + 1) for x in each) for each in below]
    np.testing.assert_allclose(both(lambda: credit.shapley(up, depth, placed)), shapley, atol=1e-9)


def _fields(laid: forest.Layout) -> tuple[np.ndarray, ...]:
    return laid.order, laid.parent, laid.size, laid.depth
