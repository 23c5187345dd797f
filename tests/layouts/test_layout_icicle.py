"""Icicles as numbers: heights add up, children stand beside their parents, nobody is lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.layout_trees import chain, measure_subtrees, star, trees
from support.random_cases import cases

from refgraph.layouts.icicle import Icicle, lay_out_icicle


def lay_out(
    parent: np.ndarray, weight: np.ndarray | None = None, height: float = 100.0, most: int = 99
) -> Icicle:
    n = len(parent)
    weight = np.ones(n) if weight is None else weight
    closed = np.arange(n) % 3 == 0
    return lay_out_icicle(parent, find_sizes(parent), weight, closed, height, most)


def find_sizes(parent: np.ndarray) -> np.ndarray:
    size = np.ones(len(parent), np.int64)
    for v in range(len(parent) - 1, -1, -1):
        if parent[v] >= 0:
            size[parent[v]] += size[v]
    return size


@settings(max_examples=cases(300), deadline=None)
@given(
    st.lists(trees(40), min_size=1, max_size=4),
    st.sampled_from([5.0, 20.0, 100.0, 900.0]),
    st.integers(1, 8),
    st.integers(0, 99),
    st.booleans(),
)
def test_icicle_of_any_forest_keeps_every_party_and_every_place(
    forest: list[np.ndarray], height: float, most: int, seed: int, by_value: bool
) -> None:
    starts = np.cumsum([0, *map(len, forest[:-1])])
    parts = [np.where(t < 0, -1, t + s) for t, s in zip(forest, starts, strict=True)]
    parent = np.concatenate(parts).astype(np.int32)
    n = len(parent)
    random = np.random.default_rng(seed)
    weight = random.integers(0, 50, n).astype(float) if by_value else np.ones(n)
    weight[0] += 1
    made = lay_out(parent, weight, height, most)
    assert len(made.place) + made.merged + made.folded == n
    assert made.columns <= most
    total = np.array([weight[v : v + s].sum() for v, s in enumerate(find_sizes(parent))])
    unit = height / weight.sum()
    assert np.allclose(made.height, total[made.place] * unit)
    assert (made.height >= 1 - 1e-9).all()
    row = {int(v): k for k, v in enumerate(made.place)}
    for k, v in enumerate(made.place.tolist()):
        if parent[v] >= 0:
            p = row[int(parent[v])]
            assert made.column[k] == made.column[p] + 1
            assert made.top[k] >= made.top[p] - 1e-6
            assert made.top[k] + made.height[k] <= made.top[p] + made.height[p] + 1e-6
    column = np.concatenate((made.column, made.merged_column))
    top = np.concatenate((made.top, made.merged_top))
    bottom = top + np.concatenate((made.height, made.merged_height))
    for c in range(made.columns):
        order = np.argsort(top[column == c], kind="stable")
        ends = np.maximum.accumulate(bottom[column == c][order])
        assert (top[column == c][order][1:] >= ends[:-1] - 1e-6).all(), "no two cells overlap"
    assert bottom[column == 0].max() == pytest.approx(height)
    assert (bottom - top)[column == 0].sum() == pytest.approx(height)


def test_icicle_of_a_small_tree_equals_hand_calculation() -> None:
    parent = np.array([-1, 0, 0, 2, 2], np.int32)
    made = lay_out(parent, height=50.0)
    assert made.place.tolist() == [0, 1, 2, 3, 4]
    assert made.height.tolist() == [50, 10, 30, 10, 10]
    assert made.top.tolist() == [0, 30, 0, 0, 10]
    assert made.closed_share.tolist() == [2 / 5, 0, 1 / 3, 1, 0]
    assert (made.columns, made.merged, made.folded) == (3, 0, 0)


def test_parties_below_a_pixel_are_merged_with_their_siblings() -> None:
    made = lay_out(star(1001), height=500.0)
    assert (len(made.place), made.merged) == (1, 1000)
    assert made.merged_height.tolist() == pytest.approx([500 * 1000 / 1001])
    assert (made.merged_parties.tolist(), made.merged_closed.tolist()) == ([1000], [333])


def test_icicle_of_a_deep_chain_folds_what_is_after_the_last_column() -> None:
    made = lay_out(chain(100_000), height=900.0, most=12)
    assert (made.columns, len(made.place), made.folded) == (12, 12, 99_988)
    wide = lay_out(star(100_000), height=900.0)
    assert wide.merged == 99_999 and np.isfinite(wide.merged_height).all()


def test_icicle_of_no_weight_no_room_or_unequal_lengths_is_refused() -> None:
    two = chain(2)
    for call in (
        lambda: lay_out(two, np.zeros(2)),
        lambda: lay_out(two, np.array([1.0, -1.0])),
        lambda: lay_out(two, np.ones(3)),
        lambda: lay_out(two, height=0.0),
        lambda: lay_out(two, most=0),
    ):
        with pytest.raises(ValueError):
            call()


def test_sizes_of_the_check_equal_those_of_the_other_checks() -> None:
    parent = np.array([-1, 0, 1, 1, 0], np.int32)
    assert (find_sizes(parent) == measure_subtrees(parent)).all()
