"""The trunk and its stubs against a heap of tuples, against climbing by hand, and to the last
party.
"""

from heapq import heappop, heappush
from random import Random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.layout_trees import (
    chain,
    list_children,
    measure_subtrees,
    preorder,
    random_tree,
    star,
    trees,
)
from support.random_cases import cases

from refgraph.kernels.compilation import force_mode
from refgraph.layouts.style_choice import TREE_STYLES, choose_style
from refgraph.layouts.trunk import fold_tree, select_trunk, select_within_depth


def select_slowly(
    parent: np.ndarray, weight: list[float], keep: int, among: list[bool]
) -> list[bool]:
    children, kept = list_children(parent), [False] * len(parent)
    heap = [(-weight[0], 0)] if among[0] else []
    while heap and sum(kept) < keep:
        _, v = heappop(heap)
        kept[v] = True
        for child in children[v]:
            if among[child]:
                heappush(heap, (-weight[child], child))
    return kept


@settings(max_examples=cases(300), deadline=None)
@given(trees(40), st.integers(0, 45), st.randoms(use_true_random=False))
def test_select_trunk_equals_walk_by_greatest_weight(parent, keep, random) -> None:
    weight = [float(random.randrange(-3, 9)) for _ in parent]
    among = [random.random() < 0.9 for _ in parent]
    kept = select_trunk(parent, weight, keep, among=np.array(among))
    assert kept.tolist() == select_slowly(parent, weight, keep, among)


def test_select_trunk_by_subtree_sums_takes_the_greatest() -> None:
    random = Random(4)
    for how in ("plain", "compiled"):
        for _ in range(100):
            parent = random_tree(200, random)
            weight = np.array([float(random.randrange(5)) for _ in parent])
            for v in range(199, 0, -1):
                weight[parent[v]] += weight[v]
            with force_mode(how):
                kept = select_trunk(parent, weight, 30)
            assert set(np.flatnonzero(kept)) == set(
                sorted(range(200), key=lambda v: (-weight[v], v))[:30]
            )


def test_select_trunk_of_star_and_chain_takes_expected_places() -> None:
    for parent in (star(50), chain(50)):
        assert np.flatnonzero(select_trunk(parent, np.ones(50), 7)).tolist() == list(range(7))
        assert (
            select_trunk(parent, np.full(50, np.nan), 50).all()
            and not select_trunk(parent, np.ones(50), 0).any()
        )
    last = np.arange(50.0)
    assert np.flatnonzero(select_trunk(star(50), last, 3)).tolist() == [0, 48, 49]
    assert np.flatnonzero(select_trunk(star(3), [0, np.nan, -9], 2)).tolist() == [0, 2]
    assert len(select_trunk(chain(0), [], 3)) == 0


def fold_slowly(
    parent: np.ndarray, kept: np.ndarray, closed: np.ndarray
) -> dict[int, tuple[int, int]]:
    """For each party with a stub: parties and closed ones that reach the kept tree first at it."""
    hidden: dict[int, tuple[int, int]] = {}
    for v in np.flatnonzero(~kept):
        at = v
        while not kept[at]:
            at = parent[at]
        count, done = hidden.get(int(at), (0, 0))
        hidden[int(at)] = (count + 1, done + int(closed[v]))
    return hidden


@settings(max_examples=cases(300), deadline=None)
@given(trees(40), st.integers(1, 40), st.randoms(use_true_random=False))
def test_fold_tree_counts_every_party_once(parent, keep, random) -> None:
    closed = np.array([random.random() < 0.4 for _ in parent])
    kept = select_trunk(parent, [random.random() for _ in parent], keep)
    small = fold_tree(parent, kept, closed)
    names = ~small.is_stub
    assert names.sum() + small.hidden.sum() == len(parent)
    assert closed[kept].sum() + small.hidden_closed.sum() == closed.sum()
    assert small.place[names].tolist() == np.flatnonzero(kept).tolist()
    stubs = zip(small.place[~names], small.hidden[~names], small.hidden_closed[~names], strict=True)
    assert {int(v): (int(h), int(c)) for v, h, c in stubs} == fold_slowly(parent, kept, closed)
    assert not small.hidden[names].any() and not small.hidden_closed[names].any()
    arrays = (small.place, small.parent, small.is_stub, small.hidden, small.hidden_closed)
    assert [each.dtype.name for each in arrays] == ["int32", "int32", "bool", "int64", "int64"]


@settings(max_examples=cases(300), deadline=None)
@given(trees(40), st.integers(1, 40), st.randoms(use_true_random=False))
def test_fold_tree_adds_at_most_one_stub_behind_all_children(parent, keep, random) -> None:
    small = fold_tree(parent, select_trunk(parent, [random.random() for _ in parent], keep))
    assert (small.parent == preorder(small.parent.tolist())).all(), "preorder"
    assert (measure_subtrees(small.parent)[small.is_stub] == 1).all()
    for v, children in enumerate(list_children(small.parent)):
        stubs = small.is_stub[children]
        assert not stubs[:-1].any(), "at most one stub, behind all names"
        for child, stub in zip(children, stubs, strict=True):
            above = small.place[child] if stub else parent[small.place[child]]
            assert above == small.place[v]


def test_select_within_depth_equals_neighborhood_of_the_root() -> None:
    random = Random(6)
    for _ in range(50):
        parent = random_tree(random.randrange(1, 60), random)
        graph = nx.Graph((int(p), v) for v, p in enumerate(parent) if p >= 0)
        graph.add_node(0)
        for depth in range(5):
            near = nx.single_source_shortest_path_length(graph, 0, cutoff=depth)
            assert set(np.flatnonzero(select_within_depth(parent, depth))) == set(near)
            both = select_trunk(
                parent, np.ones(len(parent)), 9, among=select_within_depth(parent, depth)
            )
            assert fold_tree(parent, both).hidden.sum() == len(parent) - min(9, len(near))


def test_fold_tree_of_100000_parties_counts_all() -> None:
    n = 100_000
    for parent in (random_tree(n, Random(1)), star(n), chain(n)):
        small = fold_tree(
            parent,
            select_trunk(parent, measure_subtrees(parent).astype(float), 60),
            np.ones(n, np.bool_),
        )
        assert (~small.is_stub).sum() == 60
        assert small.hidden.sum() == small.hidden_closed.sum() == n - 60


def test_trunk_functions_refuse_arguments_that_do_not_fit() -> None:
    tree = chain(4)
    for kept in ([False, True, True, True], [True, False, True, False], [False] * 4, [True, True]):
        with pytest.raises(ValueError):
            fold_tree(tree, np.array(kept))
    with pytest.raises(ValueError):
        fold_tree(tree, np.ones(4, np.int64))  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        select_trunk(tree, [1, 2], 2)
    with pytest.raises(ValueError):
        select_trunk(tree, np.ones(4), -1)
    with pytest.raises(ValueError):
        select_within_depth(tree, -1)
    assert len(fold_tree(chain(0), np.array([], np.bool_)).place) == 0


def test_choose_style_follows_number_of_names() -> None:
    assert [choose_style(n) for n in (0, 1, 80, 81, 300, 301, 10**7)] == ["tidy"] * 3 + [
        "rows"
    ] * 2 + ["trunk"] * 2
    assert choose_style(200, tidy_height=99, rows_height=100) == "tidy"
    assert choose_style(200, tidy_height=100, rows_height=100) == "rows"
    assert choose_style(301, tidy_height=1, rows_height=2) == "trunk"
    assert choose_style(80, tidy_height=2, rows_height=1) == "tidy"
    assert [choose_style(10**6, each) for each in TREE_STYLES] == list(TREE_STYLES)
    for names, wish in ((5, "round"), (-1, "auto")):
        with pytest.raises(ValueError):
            choose_style(names, wish)
