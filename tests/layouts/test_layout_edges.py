"""Edges as numbers: they meet their boxes, never cross, run through no box and are never NaN."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.layout_trees import (
    chain,
    count_through_boxes,
    crossings,
    draw_boxed_trees,
    preorder,
    random_tree,
    sample_paths,
)
from support.random_cases import cases

from refgraph.layouts.edges import CURVE, compute_curves
from refgraph.layouts.rows import lay_out_rows
from refgraph.layouts.tidy import lay_out_tidy

GAP = {"gap_x": 30, "gap_y": 5}


@settings(max_examples=cases(150), deadline=None)
@given(
    draw_boxed_trees(20),
    st.sampled_from([lay_out_tidy, lay_out_rows]),
    st.sampled_from(["depth", "flow"]),
    st.floats(0, 200),
)
def test_curves_meet_their_boxes_and_never_cross(tree, layout, column, bend) -> None:
    parent, width, height, text = tree
    width += 1
    at = layout(parent, width, height, edge_width=text, column=column, **GAP)
    paths = compute_curves(parent, at, width, bend=bend)
    assert paths.shape == (len(parent) - 1, len(CURVE), 2) and np.isfinite(paths).all()
    above = parent[1:]
    assert (paths[:, 0] == np.stack((at.x[above] + width[above], at.y[above]), axis=1)).all()
    assert (paths[:, 5] == np.stack((at.x[1:], at.y[1:]), axis=1)).all()
    assert (np.diff(paths[:, :, 0], axis=1) >= 0).all(), "never leftwards"
    assert (paths[:, :3, 1] == at.y[above, None]).all() and (
        paths[:, 3:, 1] == at.y[1:, None]
    ).all()
    assert (paths[:, 4, 0] - paths[:, 1, 0] <= bend + 1e-9).all()
    assert (
        bend > 30
        or (paths[:, 5, 0] - paths[:, 4, 0] >= text[1:] + GAP["gap_x"] - bend - 1e-9).all()
    )
    lines = sample_paths(paths)
    if bend > 1:  # without room to bend, an edge runs along the side of its column
        assert count_through_boxes(parent, lines, at, width, height) == 0
        assert crossings(lines, above) == 0


def test_curves_of_random_trees_never_cross() -> None:
    random = Random(2)
    for turn in range(300):
        parent = random_tree(random.randrange(2, 22), random)
        lengths = ((1, 9, 200), (0, 20, 90), (0, 70))
        width, height, text = (np.array([random.choice(some) for _ in parent]) for some in lengths)
        column = ("depth", "flow")[turn % 2]
        at = lay_out_tidy(parent, width, height, edge_width=text, column=column, **GAP)
        lines = sample_paths(compute_curves(parent, at, width, bend=60))
        assert crossings(lines, parent[1:]) == 0
        assert count_through_boxes(parent, lines, at, width, height) == 0


def test_layout_checks_detect_a_crossing_and_a_pierced_box() -> None:
    parent = preorder([-1, 0, 0, 1, 2])
    at = lay_out_tidy(parent, 20, 20, **GAP)
    lines = sample_paths(compute_curves(parent, at, 20, bend=10))
    at.y[[2, 4]] = at.y[[4, 2]]
    wrong = sample_paths(compute_curves(parent, at, 20, bend=10))
    assert crossings(lines, parent[1:]) == 0 < crossings(wrong, parent[1:])
    at.y[1] = at.y[0]
    at.x[1] = 22
    assert count_through_boxes(parent, lines, at, np.full(5, 20.0), np.full(5, 20.0)) > 0


def test_curves_equal_hand_calculation() -> None:
    parent = np.array([-1, 0, 0], np.int32)
    at = lay_out_tidy(parent, 40, 20, gap_x=100, gap_y=4)
    upper, lower = compute_curves(parent, at, [30, 40, 40], bend=16)
    assert upper.tolist() == [[30, 22], [40, 22], [48, 22], [48, 10], [56, 10], [140, 10]]
    assert lower.tolist() == [[30, 22], [40, 22], [48, 22], [48, 34], [56, 34], [140, 34]]


def test_curves_without_edges_are_empty_and_bad_bend_is_refused() -> None:
    for n in (0, 1):
        parent = chain(n)
        assert compute_curves(parent, lay_out_tidy(parent, 5, 5, **GAP), 5, bend=9).shape == (
            0,
            6,
            2,
        )
    at = lay_out_tidy(chain(3), 5, 5, **GAP)
    for bend in (-1.0, np.nan, np.inf):
        with pytest.raises(ValueError):
            compute_curves(chain(3), at, 5, bend=bend)
    with pytest.raises(ValueError):
        compute_curves(chain(2), at, 5, bend=3)
