"""Starters of a campaign: forests and small networks against all sets and all worlds."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.kernel_graphs import both
from support.random_cases import cases

from refgraph.kernels.forest import to_preorder
from refgraph.kernels.forest_seeds import choose_forest_seeds
from refgraph.measures.cascade import Cascade
from refgraph.measures.exact_starters import choose_among_worlds
from refgraph.measures.forest_starters import choose_on_forest
from refgraph.measures.sampled_starters import choose_from_samples
from refgraph.measures.starters import Limit, Starters
from refgraph.model.graph import Forest

Arcs = list[tuple[int, int, float]]


def build_cascade(
    arcs: Arcs, weight: list[float], candidates: list[bool], cost: list[float] | None = None
) -> Cascade:
    ordered = sorted(arcs, key=lambda arc: (arc[1], arc[0]))
    n = len(weight)
    target = np.array([v for _, v, _ in ordered], np.int64)
    in_ptr = np.searchsorted(target, np.arange(n + 1)).astype(np.int64)
    return Cascade(
        in_ptr=in_ptr,
        in_src=np.array([u for u, _, _ in ordered], np.int32),
        p=np.array([p for _, _, p in ordered], np.float64),
        weight=np.array(weight, np.float64),
        is_candidate=np.array(candidates, bool),
        cost=None if cost is None else np.array(cost, np.float64),
        is_forest=bool((np.diff(in_ptr) <= 1).all()),
        source="given",
    )


def compute_spread(arcs: Arcs, weight: list[float], members: tuple[int, ...]) -> float:
    """Every world, one by one."""
    total = 0.0
    for world in product((False, True), repeat=len(arcs)):
        chance = 1.0
        reached = set(members)
        for (_, _, p), is_live in zip(arcs, world, strict=True):
            chance *= p if is_live else 1 - p
        is_growing = True
        while is_growing:
            more = {v for (u, v, _), live in zip(arcs, world, strict=True) if live and u in reached}
            is_growing = not more <= reached
            reached |= more
        total += chance * sum(weight[v] for v in reached)
    return total


def compute_forest_spread(
    parents: list[int], p: list[float], weight: list[float], members: tuple[int, ...]
) -> float:
    """M41, by climbing from every node to its nearest seed."""
    total = 0.0
    for v, w in enumerate(weight):
        chance, u = 1.0, v
        while u >= 0 and u not in members:
            chance *= p[u]
            u = parents[u]
        total += w * chance if u >= 0 else 0.0
    return total


def build_forest(parents: list[int]) -> Forest:
    made = to_preorder(np.array(parents, np.int32))
    return Forest(
        parent=np.array(parents, np.int32),
        order=made.order,
        preorder_parent=made.parent,
        size=made.size,
        depth=made.depth,
    )


@st.composite
def forests(draw: st.DrawFn) -> tuple[list[int], list[float], list[float], list[bool]]:
    n = draw(st.integers(1, 14))
    parents = [draw(st.integers(-1, k - 1)) for k in range(n)]
    chances = st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0])
    p = [draw(chances) for _ in range(n)]
    weight = [float(draw(st.integers(0, 9))) for _ in range(n)]
    return parents, p, weight, [draw(st.integers(0, 5)) > 0 for _ in range(n)]


def list_arcs(parents: list[int], p: list[float]) -> Arcs:
    return [(u, v, p[v]) for v, u in enumerate(parents) if u >= 0]


@given(forests(), st.integers(1, 4))
@settings(max_examples=cases(1000), deadline=None)
def test_forest_optimum_is_that_of_all_sets(
    case: tuple[list[int], list[float], list[float], list[bool]], k: int
) -> None:
    parents, p, weight, candidates = case
    cascade = build_cascade(list_arcs(parents, p), weight, candidates)
    found = choose_on_forest(build_forest(parents), cascade, Limit(k=k))
    usable = [v for v in range(len(parents)) if candidates[v]]
    best = max(
        compute_forest_spread(parents, p, weight, members)
        for members in combinations(usable, min(k, len(usable)))
    )
    assert found.method == "exact" and len(found.members) <= k
    assert all(candidates[v] for v in found.members)
    assert found.total == pytest.approx(best, abs=1e-9)
    mine = compute_forest_spread(parents, p, weight, found.members)
    assert mine == pytest.approx(found.total, abs=1e-9)


@given(forests(), st.integers(1, 3))
@settings(max_examples=cases(100), deadline=None)
def test_forest_table_is_the_same_plain_and_compiled(
    case: tuple[list[int], list[float], list[float], list[bool]], k: int
) -> None:
    parents, p, weight, candidates = case
    forest = build_forest(parents)
    facts = [np.array(part)[forest.order] for part in (p, weight, candidates)]
    shape = (forest.preorder_parent, forest.size, forest.depth)
    both(lambda: choose_forest_seeds(*shape, *facts, k))


def check_bound(found: Starters, best: float) -> None:
    assert found.total <= best + 1e-9
    assert found.at_most >= best - 1e-9
    assert found.total >= found.ratio * best - 1e-9


@given(forests(), st.integers(1, 20), st.lists(st.integers(1, 9), min_size=14, max_size=14))
@settings(max_examples=cases(300), deadline=None)
def test_forest_budget_is_kept_and_its_bound_holds(
    case: tuple[list[int], list[float], list[float], list[bool]], budget: int, costs: list[int]
) -> None:
    parents, p, weight, candidates = case
    cost = [float(c) for c in costs[: len(parents)]]
    cascade = build_cascade(list_arcs(parents, p), weight, candidates, cost)
    found = choose_on_forest(build_forest(parents), cascade, Limit(budget=float(budget)))
    assert sum(cost[v] for v in found.members) <= budget + 1e-9
    usable = [v for v in range(len(parents)) if candidates[v]]
    best = max(
        compute_forest_spread(parents, p, weight, members)
        for size in range(min(len(usable), 4) + 1)
        for members in combinations(usable, size)
        if sum(cost[v] for v in members) <= budget
    )
    assert found.at_most >= best - 1e-9
    assert found.total == pytest.approx(
        compute_forest_spread(parents, p, weight, found.members), abs=1e-9
    )


@st.composite
def networks(draw: st.DrawFn) -> tuple[Arcs, list[float]]:
    n = draw(st.integers(2, 6))
    pairs = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda x: x[0] != x[1])
    chosen = sorted(draw(st.sets(pairs, max_size=8)))
    arcs = [(u, v, draw(st.sampled_from([0.1, 0.5, 1.0]))) for u, v in chosen]
    return arcs, [float(draw(st.integers(0, 5))) for _ in range(n)]


@given(networks(), st.integers(1, 3))
@settings(max_examples=cases(200), deadline=None)
def test_small_network_optimum_is_that_of_all_sets_and_worlds(
    case: tuple[Arcs, list[float]], k: int
) -> None:
    arcs, weight = case
    found = choose_among_worlds(build_cascade(arcs, weight, [True] * len(weight)), Limit(k=k))
    spreads = {
        members: compute_spread(arcs, weight, members)
        for members in combinations(range(len(weight)), min(k, len(weight)))
    }
    assert found.method == "exact"
    assert found.total == pytest.approx(max(spreads.values()), abs=1e-9)
    assert spreads[tuple(sorted(found.members))] == pytest.approx(found.total, abs=1e-9)


@given(networks(), st.integers(1, 3))
@settings(max_examples=cases(50), deadline=None)
def test_certified_ratio_of_samples_holds(case: tuple[Arcs, list[float]], k: int) -> None:
    arcs, weight = case
    if not any(weight):
        return
    cascade = build_cascade(arcs, weight, [True] * len(weight))
    best = choose_among_worlds(cascade, Limit(k=k)).total
    found = choose_from_samples(cascade, Limit(k=k))
    mine = compute_spread(arcs, weight, found.members)
    assert mine >= found.ratio * best - 1e-9
    assert mine >= 0.95 * best
    assert abs(mine - found.total) <= 3 * found.half_width + 0.01 * best


def test_samples_give_the_same_starters_for_any_number_of_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(5)
    pairs = {(int(u), int(v)) for u, v in rng.integers(0, 300, (900, 2)) if u != v}
    arcs = [(u, v, 0.1) for u, v in sorted(pairs)]
    cascade = build_cascade(arcs, [1.0] * 300, [True] * 300)
    answers = []
    for threads in ("1", "2", "8"):
        monkeypatch.setenv("REFGRAPH_THREADS", threads)
        found = choose_from_samples(cascade, Limit(k=5))
        answers.append((found.members, found.reached, found.at_most, found.half_width))
    assert answers[0] == answers[1] == answers[2]
