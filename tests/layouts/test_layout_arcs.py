"""Arcs as numbers: they join what they should, keep clear of every box, and never run together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.layout_trees import chain, draw_boxed_trees
from support.random_cases import cases

from refgraph.kernels.forest import to_preorder
from refgraph.layouts.arcs import ROUTE, ArcRoom, compute_corridor_width, route_arcs
from refgraph.layouts.rows import lay_out_rows
from refgraph.layouts.tidy import lay_out_tidy

BEND, MARK = 20.0, 12.0


def make_room(parent, width, height, edge, arcs, layout=lay_out_tidy) -> ArcRoom:
    """A tree whose boxes begin with a mark of radius 4 and hold text behind it."""
    gap = BEND + compute_corridor_width(arcs)
    at = layout(parent, width, height, gap_x=gap, gap_y=7, edge_width=edge)
    return ArcRoom(
        positions=at,
        depth=to_preorder(parent).depth,
        top=at.y - height / 2,
        bottom=at.y + height / 2,
        half=height / 2,
        mark_x=at.x + MARK / 2,
        radius=np.full(len(parent), 4.0),
        exit_x=at.x + width,
        track_start=BEND,
    )


def sample(paths: np.ndarray) -> np.ndarray:
    """float64[m, k, 2]: points along each path, its corners as straight pieces."""
    t = np.linspace(0, 1, 60)[None, None, :, None]
    points = paths[:, :-1, None] * (1 - t) + paths[:, 1:, None] * t
    return points.reshape(len(paths), 60 * (paths.shape[1] - 1), 2)


@settings(max_examples=cases(200), deadline=None)
@given(
    draw_boxed_trees(),
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=20),
    st.sampled_from([lay_out_tidy, lay_out_rows]),
)
def test_arcs_join_two_places_and_run_through_no_text(tree, pairs, layout) -> None:
    parent, width, height, edge = tree
    width, height = width + MARK + 4, height + 18
    edge = np.where(parent < 0, 0.0, edge)
    pick = np.array(pairs, np.int32).reshape(-1, 2) % np.int32(len(parent))
    source, target = np.ascontiguousarray(pick[:, 0]), np.ascontiguousarray(pick[:, 1])
    room = make_room(parent, width, height, edge, len(pairs), layout)
    with np.errstate(all="raise"):
        paths = route_arcs(source, target, room)
    assert paths.shape == (len(pairs), len(ROUTE), 2) and np.isfinite(paths).all()
    at = room.positions
    distance = np.hypot(paths[:, -1, 0] - room.mark_x[target], paths[:, -1, 1] - at.y[target])
    assert np.allclose(distance, 5)
    points = sample(paths)
    left, right = at.x + MARK, at.x + width - 1e-6
    for path in points:
        x, y = path[:, :1], path[:, 1:]
        inside = (x > left) & (x < right) & (y > room.top) & (y < room.bottom)
        assert not inside.any(), "through a text"
        text = (x > at.x - edge) & (x < at.x) & (y > room.top) & (y < at.y)
        assert not text.any(), "through a text on an edge"


def test_arcs_between_the_same_columns_have_lanes_and_tracks_of_their_own() -> None:
    parent = np.array([-1, 0, 1, 2, 0, 4, 5], np.int32)
    ends = np.array([(0, 3), (0, 6), (1, 6), (4, 3), (3, 0), (6, 0)], np.int32)
    room = make_room(parent, np.full(7, 60.0), np.full(7, 20.0), np.zeros(7), len(ends))
    source, target = (np.ascontiguousarray(side) for side in ends.T)
    paths = route_arcs(source, target, room)
    lanes = paths[:, 9, 1]
    assert len(np.unique(lanes)) == len(lanes)
    assert np.abs(np.subtract.outer(lanes, lanes))[~np.eye(6, dtype=bool)].min() >= 2.5
    into_root = paths[target == 0]
    assert (into_root[:, 13, 0] < 0).all(), "left of the root"
    tips = paths[:, -1]
    assert len(np.unique(np.round(tips, 3), axis=0)) == len(tips), "no two heads share a point"


def test_arcs_of_a_long_chain_with_thousands_of_arcs_run_outside_the_tree() -> None:
    n = 5_000
    source = np.arange(n, dtype=np.int32)
    target = np.full(n, 7, np.int32)
    ones = np.ones(n)
    room = make_room(chain(n), 40 * ones, 20 * ones, 0 * ones, n)
    paths = route_arcs(source, target, room)
    lanes = paths[source > 20][:, 9, 1]
    assert ((lanes < room.top.min()) | (lanes > room.bottom.max())).all()


def test_arcs_of_unequal_ends_or_unknown_places_are_refused() -> None:
    room = make_room(chain(3), np.full(3, 30.0), np.full(3, 20.0), np.zeros(3), 2)
    two = np.array([0, 1], np.int32)
    with pytest.raises(ValueError):
        route_arcs(two, two[:1], room)
    with pytest.raises(IndexError):
        route_arcs(two, two + np.int32(9), room)
