"""What `lay_out_tidy` and `lay_out_rows` promise, as numbers: on drawn trees, on thousands of
random ones, and by hand.
"""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.layout_trees import (
    chain,
    count_too_close,
    draw_boxed_trees,
    list_children,
    measure_subtrees,
    mirror,
    preorder,
    random_tree,
    star,
)
from support.random_cases import cases

from refgraph.layouts.positions import Positions
from refgraph.layouts.rows import lay_out_rows
from refgraph.layouts.tidy import lay_out_tidy

LAYOUTS = st.sampled_from([lay_out_tidy, lay_out_rows])
COLUMNS = st.sampled_from(["depth", "flow"])
GAP = {"gap_x": 30, "gap_y": 5}


def check_positions(
    parent: np.ndarray, at: Positions, width: np.ndarray, height: np.ndarray, gap_y: float
) -> None:
    assert count_too_close(parent, at, width, height, gap_y) == 0
    for v, children in enumerate(list_children(parent)):
        if children:
            y = at.y[children]
            assert (np.diff(y) > 0).all(), "siblings keep their order"
            assert abs((y[0] + y[-1]) / 2 - at.y[v]) <= 1 / 64
    assert (at.y - height / 2).min() >= 0 and (at.x >= 0).all()
    assert (at.y + height / 2).max() <= at.height <= (at.y + height / 2).max() + 1 / 16
    assert (at.x + width).max() <= at.width <= (at.x + width).max() + 1 / 16 * len(parent)
    assert (at.bend_start >= at.x + width).all()


@settings(max_examples=cases(300), deadline=None)
@given(draw_boxed_trees(), LAYOUTS, COLUMNS)
def test_layout_keeps_boxes_apart_and_parents_midway(tree, layout, column) -> None:
    parent, width, height, edge = tree
    at = layout(parent, width, height, edge_width=edge, column=column, **GAP)
    check_positions(parent, at, width, height, GAP["gap_y"])
    assert (at.x[1:] >= at.bend_start[parent[1:]] + GAP["gap_x"] + edge[1:]).all()


def test_layout_of_random_trees_keeps_boxes_apart() -> None:
    random = Random(3)
    for turn in range(3000):
        parent = random_tree(random.randrange(1, 25), random)
        width = np.array([random.choice((0.0, 10.5, 80.1, 300.0)) for _ in parent])
        height = np.array([random.choice((0.0, 20.3, 31.0, 150.0)) for _ in parent])
        layout, column = (lay_out_tidy, lay_out_rows)[turn % 2], ("depth", "flow")[turn // 2 % 2]
        check_positions(
            parent, layout(parent, width, height, column=column, **GAP), width, height, GAP["gap_y"]
        )


@settings(max_examples=cases(200), deadline=None)
@given(draw_boxed_trees(), LAYOUTS, COLUMNS)
def test_layout_of_mirrored_tree_is_the_mirror_image(tree, layout, column) -> None:
    parent, width, height, edge = tree
    flipped, place = mirror(parent)
    at = layout(parent, width, height, edge_width=edge, column=column, **GAP)
    turned = layout(
        flipped, width[place], height[place], edge_width=edge[place], column=column, **GAP
    )
    assert (turned.y == at.height - at.y[place]).all()
    assert (turned.x == at.x[place]).all() and turned.height == at.height


@settings(max_examples=cases(200), deadline=None)
@given(draw_boxed_trees(12), draw_boxed_trees(12), LAYOUTS, COLUMNS, st.integers(1, 4))
def test_layout_draws_equal_subtrees_equally(twin, other, layout, column, copies) -> None:
    """`copies` of a tree hang under a root with another tree before each of them."""
    parent, width, height, edge = [-1], [10.0], [20.0], [0.0]
    starts = []
    for part in (other, twin) * copies + (other,):
        if part is twin:
            starts.append(len(parent))
        parent += [0, *(part[0][1:] + len(parent))]
        width, height, edge = [*width, *part[1]], [*height, *part[2]], [*edge, *part[3]]
    at = layout(np.array(parent, np.int32), width, height, edge_width=edge, column=column, **GAP)
    drawn = [at.y[s : s + len(twin[0])] - at.y[s] for s in starts]
    assert all((each == drawn[0]).all() for each in drawn)


@settings(max_examples=cases(100), deadline=None)
@given(draw_boxed_trees(), LAYOUTS, COLUMNS)
def test_layout_of_any_kind_of_array_gives_same_bytes(tree, layout, column) -> None:
    parent, width, height, edge = tree
    first = layout(parent, width, height, edge_width=edge, column=column, **GAP)
    parent.flags.writeable = False
    again = layout(
        parent, width.tolist(), np.repeat(height, 2)[::2], edge_width=edge, column=column, **GAP
    )
    assert [first.x.tobytes(), first.y.tobytes()] == [again.x.tobytes(), again.y.tobytes()]


def test_columns_by_depth_line_up_and_fit_the_widest_box() -> None:
    parent = np.array([-1, 0, 1, 0, 3], np.int32)
    boxes = {"box_width": [50, 20, 70, 40, 10], "box_height": 10, "edge_width": [99, 0, 5, 8, 0]}
    at = lay_out_tidy(parent, **boxes, gap_x=30, gap_y=2)
    assert at.x.tolist() == [0, 88, 163, 88, 163]
    assert at.bend_start.tolist() == [50, 128, 233, 128, 233] and at.width == 233
    flow = lay_out_tidy(parent, **boxes, gap_x=30, gap_y=2, column="flow")
    assert flow.x.tolist() == [0, 80, 135, 88, 158]
    assert flow.bend_start.tolist() == [50, 100, 205, 128, 168]


def test_tidy_and_rows_equal_hand_calculation() -> None:
    """A leaf above a parent of three: tidy lets it into the space kept by rows for the family."""
    parent = preorder([-1, 0, 0, 2, 2, 2])
    low, tall = (
        layout(parent, 10, 20, gap_x=5, gap_y=4) for layout in (lay_out_tidy, lay_out_rows)
    )
    assert low.y.tolist() == [22, 10, 34, 10, 34, 58] and low.height == 68
    assert tall.y.tolist() == [34, 10, 58, 34, 58, 82] and tall.height == 92


@pytest.mark.parametrize("layout", [lay_out_tidy, lay_out_rows])
def test_layout_of_one_party_or_none_has_its_size(layout) -> None:
    at = layout(np.array([-1], np.int32), 30, 20, gap_x=5, gap_y=5)
    assert (at.x.tolist(), at.y.tolist(), at.width, at.height) == ([0], [10], 30, 20)
    none = layout(np.array([], np.int32), [], [], gap_x=5, gap_y=5)
    assert (
        len(none.x) == len(none.y) == len(none.bend_start) == 0 and none.width == none.height == 0
    )


def test_rows_give_every_leaf_a_row() -> None:
    random = Random(8)
    for _ in range(300):
        parent = random_tree(random.randrange(1, 60), random)
        at = lay_out_rows(parent, 50, 20, gap_x=5, gap_y=4)
        leaf = measure_subtrees(parent) == 1
        assert at.y[leaf].tolist() == [10 + 24 * k for k in range(leaf.sum())]
        assert lay_out_tidy(parent, 50, 20, gap_x=5, gap_y=4).height <= at.height


@pytest.mark.parametrize(
    "change",
    [
        {"parent": np.array([-1, 0, 0, 1], np.int32)},
        {"parent": np.array([-1, 0, -1, 2], np.int32)},
        {"parent": np.array([-1, 2, 0, 0], np.int32)},
        {"parent": np.array([0, 0, 0, 0], np.int32)},
        {"parent": np.array([-1, 0, 0, 0], np.int64)},
        {"box_width": [1.0, 2.0]},
        {"box_width": [1.0, -2.0, 3.0, 4.0]},
        {"box_height": [1.0, np.nan, 3.0, 4.0]},
        {"box_height": np.inf},
        {"box_height": 1e10},
        {"gap_x": 0},
        {"gap_y": np.nan},
        {"column": "other"},
    ],
)
def test_layout_of_bad_tree_or_length_is_refused(change) -> None:
    good = {"parent": chain(4), "box_width": 10, "box_height": 10, "gap_x": 5, "gap_y": 5}
    for layout in (lay_out_tidy, lay_out_rows):
        layout(**good)
        with pytest.raises(ValueError):
            layout(**{**good, **change})


@pytest.mark.parametrize("column", ["depth", "flow"])
@pytest.mark.parametrize("layout", [lay_out_tidy, lay_out_rows])
@pytest.mark.parametrize("kind", ["random", "star", "chain"])
def test_layout_of_100000_parties_keeps_boxes_apart(kind, layout, column) -> None:
    n = 100_000
    make = {
        "random": lambda: random_tree(n, Random(1)),
        "star": lambda: star(n),
        "chain": lambda: chain(n),
    }
    parent, rng = make[kind](), np.random.default_rng(1)
    width, height = rng.integers(20, 200, n).astype(float), rng.choice([20.0, 24.0, 60.0], n)
    at = layout(parent, width, height, column=column, **GAP)
    first = np.flatnonzero(np.diff(parent, prepend=-2) > 0)[1:]
    assert (parent[first] == first - 1).all()
    last = np.full(n, -1)
    last[parent[1:]] = np.arange(1, n)
    assert (
        np.abs((at.y[first] + at.y[last[parent[first]]]) / 2 - at.y[parent[first]]) <= 1 / 64
    ).all()
    if column == "depth":
        order = np.lexsort((np.arange(n), at.x))
        same = np.diff(at.x[order]) == 0
        room = np.diff(at.y[order]) - (height[order][1:] + height[order][:-1]) / 2
        assert (room[same] >= GAP["gap_y"]).all()
    else:
        near = np.random.default_rng(2).integers(0, n - 400, 20)
        for low in near:
            some = slice(low, low + 400)
            left, right = at.x[some], (at.x + width)[some]
            shared = (left[:, None] < right) & (left < right[:, None])
            apart = np.abs(at.y[some][:, None] - at.y[some])
            touching = apart < (height[some][:, None] + height[some]) / 2 + GAP["gap_y"]
            assert not np.triu(shared & touching, 1).any()
