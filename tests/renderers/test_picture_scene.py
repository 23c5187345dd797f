"""Pictures as numbers: nothing overlaps, nothing crosses, nobody is lost.

This holds whatever the tree and the look.
"""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.picture_checks import (
    count_through,
    crossings,
    edges,
    overlaps,
    polylines,
    rectangles,
    texts_of,
)
from support.picture_trees import grow_tree, picture
from support.random_cases import cases

from refgraph.model.picture import CLOSED_STATES
from refgraph.renderers import fonts
from refgraph.renderers.pictures import build_scene
from refgraph.renderers.scene import Marks, Scene
from refgraph.renderers.style import ColorField, PictureStyle, SizeMeasure

FONT = fonts.load_font()
looks = st.builds(
    PictureStyle,
    style=st.sampled_from(["auto", "tidy", "rows", "trunk"]),
    max_names=st.none() | st.integers(1, 60),
    color_by=st.sampled_from(get_args(ColorField)),
    size_by=st.sampled_from(get_args(SizeMeasure)),
)


def list_stub_counts(page: Scene) -> list[tuple[int, int]]:
    """(parties, closed) of every stub, from its Chinese text."""
    found = [t.removeprefix("另有 ").split(" 家 · 成交 ") for t in texts_of(page, "stub")]
    return [(int(a.replace(",", "")), int(b.replace(",", ""))) for a, b in found]


def count_closed_marks(page: Scene) -> int:
    return sum(
        len(g.x)
        for g in page.groups
        if isinstance(g, Marks) and g.name in ("mark closed", "mark former")
    )


@settings(max_examples=cases(60))
@given(
    n=st.integers(1, 90),
    seed=st.integers(0, 10**6),
    look=looks,
    lang=st.sampled_from(["zh", "en"]),
    basis=st.sampled_from(["revenue", "customers"]),
    depth=st.none() | st.integers(0, 4),
)
def test_scene_of_any_tree_has_no_overlaps_and_counts_every_party(
    n: int, seed: int, look: PictureStyle, lang: str, basis: str, depth: int | None
) -> None:
    shown = replace(picture(grow_tree(n, seed), seed, lang=lang), basis=basis, depth=depth)
    page = build_scene(shown, "zh", look, FONT)
    boxes, lines = rectangles(page, FONT), edges(page)
    texts = rectangles(
        replace(page, groups=tuple(g for g in page.groups if not isinstance(g, Marks))), FONT
    )
    assert overlaps(boxes) == 0
    assert overlaps(rectangles(page, FONT, around=True)) == 0
    assert crossings(lines) == 0
    assert count_through(lines, texts) == 0
    assert (
        (boxes[:, :2] >= 0).all()
        and (boxes[:, 2] <= page.width).all()
        and (boxes[:, 3] <= page.height).all()
    )
    names = len(texts_of(page, "name", "name closed"))
    assert names + sum(a for a, _ in list_stub_counts(page)) == n
    assert count_closed_marks(page) == len(texts_of(page, "name closed"))
    assert count_closed_marks(page) + sum(b for _, b in list_stub_counts(page)) == int(
        shown.nodes["state"].is_in(CLOSED_STATES).sum()
    )
    assert look.max_names is None or names <= look.max_names


@pytest.mark.parametrize("shape", ["star", "chain"])
def test_scene_of_100000_parties_has_no_overlaps(shape: str) -> None:
    n = 100_000
    parent = np.arange(-1, n - 1) if shape == "chain" else np.where(np.arange(n) == 0, -1, 0)
    page = build_scene(picture(parent.astype(np.int32), 5), "zh", PictureStyle(max_names=n), FONT)
    boxes = rectangles(page, FONT)
    assert len(texts_of(page, "name", "name closed")) == n
    assert overlaps(boxes, axis=0 if shape == "chain" else 1) == 0
    ends = np.sort(edges(page)[:, -1, 0 if shape == "chain" else 1])
    assert (np.diff(ends) > 0).all()


@pytest.mark.parametrize(("n", "style"), [(30, "tidy"), (300, "rows"), (3_000, "trunk")])
def test_auto_style_follows_number_of_parties(n: int, style: str) -> None:
    page, asked = (
        build_scene(picture(grow_tree(n, 1), 1), "zh", PictureStyle(style=s), FONT)
        for s in ("auto", style)
    )
    assert texts_of(page, "name", "name closed") == texts_of(asked, "name", "name closed")
    assert bool(list_stub_counts(page)) == (n > 300)
    assert any("3,000 家中的 45 家" in t for t in texts_of(page, "caption")) == (n > 300)


def test_closed_parties_have_red_edge_and_mark_drawn_last() -> None:
    page = build_scene(picture(grow_tree(60, 2), 2), "zh", PictureStyle(), FONT)
    names = [g.name for g in page.groups]
    for kind in ("edge", "mark"):
        last = max(k for k, name in enumerate(names) if name.startswith(kind + " closed"))
        assert last == max(k for k, name in enumerate(names) if name.split()[0] == kind)
    ends = {
        tuple(np.round(p, 3))
        for g in page.groups
        if g.name == "edge closed"
        for p in g.points[:, -1]
    }
    marks = [
        (x, y)
        for g in page.groups
        if g.name in ("mark closed", "mark former")
        for x, y in zip(g.x, g.y, strict=True)
    ]
    assert len(ends) == sum((round(x, 3), round(y, 3)) in ends for x, y in marks) >= len(marks) - 1


def test_mark_area_grows_with_value_from_a_minimum() -> None:
    shown = picture(grow_tree(40, 3), 3, state=["closed"] * 40, value=[float(v) for v in range(40)])
    page = build_scene(shown, "zh", PictureStyle(), FONT)
    area = np.concatenate([g.r**2 for g in page.groups if g.name == "mark closed"])
    assert area.max() / np.sort(area)[-10] == pytest.approx(39 / 30)
    assert area.min() == 16


def test_extra_referrers_are_dashed_and_cycles_flagged() -> None:
    shown = picture(grow_tree(40, 4), 4, extras=9)
    page = build_scene(shown, "zh", PictureStyle(), FONT)
    cut = int(shown.extras["cut"].sum())
    counts = {
        g.name: len(g.points)
        for g in page.groups
        if g.name in ("second", "loop", "second-head", "loop-head")
    }
    assert counts == {"second": 9 - cut, "second-head": 9 - cut, "loop": cut, "loop-head": cut}
    assert len(texts_of(page, "loop-flag")) == cut > 0
    assert all(g.dash for g in page.groups if g.name in ("second", "loop"))
    few = build_scene(shown, "zh", PictureStyle(max_names=3), FONT)
    drawn = sum(len(g.points) for g in few.groups if g.name in ("second", "loop"))
    assert any(f"另有 {9 - drawn} 条推荐的一端已合并" in t for t in texts_of(few, "caption"))


def test_trunk_scene_shows_connected_parties_of_greatest_value() -> None:
    shown = picture(grow_tree(500, 6), 6)
    page = build_scene(shown, "zh", PictureStyle(max_names=20), FONT)
    total = (shown.nodes["value"] + shown.nodes["downstream_value"]).to_numpy()
    parent = shown.nodes["parent"].to_numpy()
    kept = {0}
    while len(kept) < 20:
        kept.add(
            max(
                (v for v in range(1, 500) if parent[v] in kept and v not in kept),
                key=lambda v: (total[v], shown.nodes["downstream"][v], -v),
            )
        )
    names = sorted(texts_of(page, "name", "name closed"))
    assert names == sorted(shown.nodes["name"][v] for v in kept)


def test_picture_checks_detect_crossings_and_overlaps() -> None:
    """The check itself: two edges that do cross are found, and a box in the way too."""
    one = np.array([[[0, 0], [10, 0], [15, 0], [15, 20], [20, 20], [30, 20]]], float)
    two = one * [1, -1] + [0, 20]
    assert crossings(np.concatenate((one, two))) > 0
    assert count_through(one, np.array([[22.0, 15, 28, 25]])) == 1
    assert polylines(one)[0, -1].tolist() == [30, 20]
    assert overlaps(np.array([[0.0, 0, 10, 10], [5, 5, 15, 15], [20, 0, 30, 10]])) == 1
