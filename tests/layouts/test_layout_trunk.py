"""The trunk and its stubs against a heap of tuples, against climbing by hand, and to the last party."""

from heapq import heappop, heappush
from random import Random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layout_trees import chain, children_of, preorder, random_tree, size_of, star, trees

from refgraph.kernels.compile import mode
from refgraph.layouts.choose import STYLES, style
from refgraph.layouts.trunk import fold, trunk, within_depth


def slow_trunk(parent: np.ndarray, weight: list[float], keep: int, among: list[bool]) -> list[bool]:
    children, kept = children_of(parent), [False] * len(parent)
    heap = [(-weight[0], 0)] if among[0] else []
    while heap and sum(kept) < keep:
        _, v = heappop(heap)
        kept[v] = True
        for child in children[v]:
            if among[child]:
                heappush(heap, (-weight[child], child))
    return kept


@settings(max_examples=300, deadline=None)
@given(trees(40), st.integers(0, 45), st.randoms(use_true_random=False))
def test_trunk_is_the_walk_by_greatest_weight(parent, keep, random) -> None:
    weight = [float(random.randrange(-3, 9)) for _ in parent]
    among = [random.random() < 0.9 for _ in parent]
    kept = trunk(parent, weight, keep, among=np.array(among))
    assert kept.tolist() == slow_trunk(parent, weight, keep, among)


def test_trunk_of_values_that_only_add_up_is_the_greatest_of_all() -> None:
    random = Random(4)
    for how in ("plain", "compiled"):
        for _ in range(100):
            parent = random_tree(200, random)
            weight = np.array([float(random.randrange(5)) for _ in parent])
            for v in range(199, 0, -1):
                weight[parent[v]] += weight[v]
            with mode(how):
                kept = trunk(parent, weight, 30)
            assert set(np.flatnonzero(kept)) == set(sorted(range(200), key=lambda v: (-weight[v], v))[:30])


def test_trunk_of_trees_of_all_shapes() -> None:
    for parent in (star(50), chain(50)):
        assert np.flatnonzero(trunk(parent, np.ones(50), 7)).tolist() == list(range(7))
        assert trunk(parent, np.full(50, np.nan), 50).all() and not trunk(parent, np.ones(50), 0).any()
    last = np.arange(50.0)
    assert np.flatnonzero(trunk(star(50), last, 3)).tolist() == [0, 48, 49]
    assert np.flatnonzero(trunk(star(3), [0, np.nan, -9], 2)).tolist() == [0, 2]
    assert len(trunk(chain(0), [], 3)) == 0


def slow_fold(parent: np.ndarray, kept: np.ndarray, closed: np.ndarray) -> dict[int, tuple[int, int]]:
    """For each party with a stub: parties and closed ones that reach the kept tree first at it."""
    hidden: dict[int, tuple[int, int]] = {}
    for v in np.flatnonzero(~kept):
        at = v
        while not kept[at]:
            at = parent[at]
        count, done = hidden.get(int(at), (0, 0))
        hidden[int(at)] = (count + 1, done + int(closed[v]))
    return hidden


@settings(max_examples=300, deadline=None)
@given(trees(40), st.integers(1, 40), st.randoms(use_true_random=False))
def test_fold_counts_every_party_once(parent, keep, random) -> None:
    closed = np.array([random.random() < 0.4 for _ in parent])
    kept = trunk(parent, [random.random() for _ in parent], keep)
    small = fold(parent, kept, closed)
    names = ~small.is_stub
    assert names.sum() + small.hidden.sum() == len(parent)
    assert closed[kept].sum() + small.hidden_closed.sum() == closed.sum()
    assert small.place[names].tolist() == np.flatnonzero(kept).tolist()
    stubs = zip(small.place[~names], small.hidden[~names], small.hidden_closed[~names], strict=True)
    assert {int(v): (int(h), int(c)) for v, h, c in stubs} == slow_fold(parent, kept, closed)
    assert not small.hidden[names].any() and not small.hidden_closed[names].any()
    arrays = (small.place, small.parent, small.is_stub, small.hidden, small.hidden_closed)
    assert [each.dtype.name for each in arrays] == ["int32", "int32", "bool", "int64", "int64"]


@settings(max_examples=300, deadline=None)
@given(trees(40), st.integers(1, 40), st.randoms(use_true_random=False))
def test_the_folded_tree_is_the_kept_one_with_a_last_child(parent, keep, random) -> None:
    small = fold(parent, trunk(parent, [random.random() for _ in parent], keep))
    assert (small.parent == preorder(small.parent.tolist())).all(), "preorder"
    assert (size_of(small.parent)[small.is_stub] == 1).all()
    for v, children in enumerate(children_of(small.parent)):
        stubs = small.is_stub[children]
        assert not stubs[:-1].any(), "at most one stub, behind all names"
        for child, stub in zip(children, stubs, strict=True):
            above = small.place[child] if stub else parent[small.place[child]]
            assert above == small.place[v]


def test_within_depth_is_the_neighbourhood_of_the_root() -> None:
    random = Random(6)
    for _ in range(50):
        parent = random_tree(random.randrange(1, 60), random)
        graph = nx.Graph((int(p), v) for v, p in enumerate(parent) if p >= 0)
        graph.add_node(0)
        for depth in range(5):
            near = nx.single_source_shortest_path_length(graph, 0, cutoff=depth)
            assert set(np.flatnonzero(within_depth(parent, depth))) == set(near)
            both = trunk(parent, np.ones(len(parent)), 9, among=within_depth(parent, depth))
            assert fold(parent, both).hidden.sum() == len(parent) - min(9, len(near))


def test_large_trees_fold_to_the_last_party() -> None:
    n = 100_000
    for parent in (random_tree(n, Random(1)), star(n), chain(n)):
        small = fold(parent, trunk(parent, size_of(parent).astype(float), 60), np.ones(n, np.bool_))
        assert (~small.is_stub).sum() == 60
        assert small.hidden.sum() == small.hidden_closed.sum() == n - 60


def test_refuses_what_does_not_fit() -> None:
    tree = chain(4)
    for kept in ([False, True, True, True], [True, False, True, False], [False] * 4, [True, True]):
        with pytest.raises(ValueError):
            fold(tree, np.array(kept))
    with pytest.raises(ValueError):
        fold(tree, np.ones(4, np.int64))  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        trunk(tree, [1, 2], 2)
    with pytest.raises(ValueError):
        trunk(tree, np.ones(4), -1)
    with pytest.raises(ValueError):
        within_depth(tree, -1)
    assert len(fold(chain(0), np.array([], np.bool_)).place) == 0


def test_style_by_the_number_of_names() -> None:
    assert [style(n) for n in (0, 1, 80, 81, 300, 301, 10**7)] == ["tidy"] * 3 + ["rows"] * 2 + ["trunk"] * 2
    assert style(200, tidy_height=99, rows_height=100) == "tidy"
    assert style(200, tidy_height=100, rows_height=100) == "rows"
    assert style(301, tidy_height=1, rows_height=2) == "trunk"
    assert style(80, tidy_height=2, rows_height=1) == "tidy"
    assert [style(10**6, each) for each in STYLES] == list(STYLES)
    for names, wish in ((5, "round"), (-1, "auto")):
        with pytest.raises(ValueError):
            style(names, wish)
