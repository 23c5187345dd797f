"""Radial trees as numbers: boxes keep to their sectors, children stand behind their parents."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.layout_trees import chain, star, trees
from support.picture_checks import turned_overlaps
from support.random_cases import cases

from refgraph.kernels.forest import to_preorder
from refgraph.layouts.radial import RadialPlaces, connect_radial, lay_out_radial

HOLE, GAP = 40.0, 30.0


def lay_out(parent: np.ndarray, width: np.ndarray, height: np.ndarray) -> RadialPlaces:
    return lay_out_radial(parent, width, height, hole=HOLE, gap=GAP)


def build_boxes(places: RadialPlaces, width: np.ndarray, height: np.ndarray) -> np.ndarray:
    """float64[n-1, 4, 2]: the corners of all boxes but the root's."""
    along = np.stack((np.cos(places.angle), np.sin(places.angle)), axis=1)
    across = np.stack((-along[:, 1], along[:, 0]), axis=1) * height[:, None] / 2
    near, far = (along * d[:, None] for d in (places.distance, places.distance + width))
    return np.stack((near - across, far - across, far + across, near + across), axis=1)[1:]


@settings(max_examples=cases(200), deadline=None)
@given(trees(60), st.integers(0, 10**6))
def test_boxes_of_any_tree_keep_apart(parent: np.ndarray, seed: int) -> None:
    random = np.random.default_rng(seed)
    width, height = random.uniform(20, 200, len(parent)), random.uniform(8, 34, len(parent))
    places = lay_out(parent, width, height)
    boxes = build_boxes(places, width, height)
    assert turned_overlaps(boxes) == 0
    assert (np.linalg.norm(boxes, axis=2) >= HOLE).all()
    above = parent[1:]
    ends = np.where(above == 0, HOLE, places.distance[above] + width[above])
    assert (places.distance[1:] >= ends + GAP - 1e-9).all()
    order = np.lexsort((places.angle[1:], to_preorder(parent).depth[1:]))
    assert (np.diff(order[np.argsort(order, kind="stable")]) == 1).all()
    edges = connect_radial(parent, places, width, HOLE)
    assert np.allclose(edges[:, -1], (boxes[:, 0] + boxes[:, 3]) / 2)
    radius = np.linalg.norm(edges, axis=2)
    assert (np.diff(radius, axis=1) >= -1e-9).all()


@settings(max_examples=cases(60), deadline=None)
@given(trees(40))
def test_circle_is_as_small_as_the_angles_allow(parent: np.ndarray) -> None:
    """Either children begin right behind their parents, or the circle is full."""
    width, height = np.full(len(parent), 50.0), np.full(len(parent), 20.0)
    places = lay_out(parent, width, height)
    need = np.zeros(len(parent))
    for v in range(len(parent) - 1, 0, -1):
        need[v] = max(need[v], 20.0 / places.distance[v])
        need[parent[v]] += need[v]
    shift = (places.distance[1:2] - HOLE - GAP).max(initial=0.0)
    assert need[0] <= 2 * np.pi + 1e-9
    assert shift == pytest.approx(0, abs=1e-6) or need[0] == pytest.approx(2 * np.pi, rel=1e-6)


@pytest.mark.parametrize("shape", [star, chain])
def test_radial_tree_of_100000_boxes_fits_its_circle(shape) -> None:
    n = 100_000
    width, height = np.full(n, 90.0), np.full(n, 18.0)
    places = lay_out(shape(n), width, height)
    assert np.isfinite(places.distance).all() and np.isfinite(places.angle).all()
    if shape is star:
        gaps = np.diff(places.angle[1:]) * places.distance[1]
        assert (gaps >= 18.0 - 1e-6).all() and gaps.max() < 18.1
    else:
        assert np.allclose(np.diff(places.distance[1:]), 90.0 + GAP)


def test_radial_tree_of_no_tree_or_other_lengths_is_refused() -> None:
    good = np.full(3, 20.0)
    for parent, width, height in (
        (np.array([-1, 2, 0], np.int32), good, good),
        (chain(3), good[:2], good),
        (chain(3), good, -good),
        (chain(3), good * np.nan, good),
        (chain(3), good, good * 0),
    ):
        with pytest.raises(ValueError):
            lay_out(parent, width, height)
    assert len(lay_out(chain(0), good[:0], good[:0]).angle) == 0
    assert lay_out(chain(1), good[:1], good[:1]).distance.tolist() == [0.0]
