"""Words and measures of a picture's parts, each for itself."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from matplotlib import image as images
from support.picture_trees import picture

from refgraph.renderers import fonts, image
from refgraph.renderers.column_widths import fold_heading
from refgraph.renderers.labels import build_labels
from refgraph.renderers.page_frame import (
    TITLE_SPACING,
    Frame,
    LegendEntry,
    place_caption,
    place_header,
)
from refgraph.renderers.palette import Ink
from refgraph.renderers.paper import parse_paper
from refgraph.renderers.pictures import build_scene, render_picture
from refgraph.renderers.scene import Texts
from refgraph.renderers.style import PictureStyle
from refgraph.renderers.tree_arcs import FLAG_STEP, _sample
from refgraph.renderers.tree_boxes import measure_boxes
from refgraph.renderers.tree_selection import select_parties

FONT = fonts.load_font()
DAY = date(2020, 5, 6)
THREE = picture(
    np.array([-1, 0, 1, 1], np.int32),
    name=["Root", "Child", "Grandchild", "Bare"],
    id=["r", "c", "g", "b"],
    state=["closed"] * 4,
    value=[1.0, 2.0, 3.0, 4.0],
    key=[False] * 4,
    also=[None] * 4,
    channel=["friend", "friend", "colleague", None],
    date=[DAY, DAY, None, None],
)


def test_titles_of_all_but_the_root_say_how_they_were_referred() -> None:
    labels = build_labels(THREE, THREE.nodes, np.zeros(4, bool), "en", FONT)
    root, child, grandchild, bare = labels.titles
    assert "friend" not in root and "2020-05-06" not in root
    assert child.endswith("friend 2020-05-06") and labels.edges[1] == "friend 2020-05-06"
    assert grandchild.endswith("colleague")
    assert labels.edges[0] == labels.edges[3] == ""
    assert not any(part == "" for part in bare.split(" · "))
    assert bare.endswith(labels.details[3])


def test_boxes_have_room_for_words_on_edges_that_have_words() -> None:
    selection = select_parties(THREE, PictureStyle())
    labels = build_labels(THREE, THREE.nodes, np.zeros(4, bool), "en", FONT)
    boxes = measure_boxes(selection, labels, [], PictureStyle(), FONT, np.ones(4, bool))
    assert boxes.edge[0] == boxes.edge[3] == 0
    words = FONT.widths(labels.edges, 10)
    assert (boxes.edge[1:3] > words[1:3] * 0.5).all()


@pytest.mark.parametrize("radius", [4.0, 7.5])
def test_symbol_of_a_legend_is_as_wide_as_its_mark(radius: float) -> None:
    ink = Ink("#000000", "#000000")
    assert LegendEntry(text="x", ink=ink, radius=radius).symbol_width() == 2 * radius
    assert LegendEntry(text="x").symbol_width() == 0
    assert LegendEntry(text="x", line="#000000").symbol_width() > 0


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_png_has_as_many_pixels_as_its_area_allows(
    scale: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = build_scene(THREE, "en", PictureStyle(), FONT)
    monkeypatch.setattr(image, "MAX_PIXELS", page.width * page.height * scale**2)
    pixels = images.imread(io.BytesIO(render_picture(THREE, "png", "en")))
    assert pixels.shape[:2] == pytest.approx((page.height * scale, page.width * scale), abs=1.5)


def test_points_along_an_arc_lie_on_it_at_equal_steps() -> None:
    path = np.cumsum(np.random.default_rng(3).uniform(-40, 40, (1, 19, 2)), axis=1)
    points = _sample(path)
    starts, ends = path[0, [1, 5, 9, 13, 17]], path[0, [2, 6, 10, 14, 18]]
    place = 0
    for start, end in zip(starts, ends, strict=True):
        length = float(np.hypot(*(end - start)))
        count = 2 + int(length / FLAG_STEP)
        expected = start + np.linspace(0, 1, count)[:, None] * (end - start)
        assert points[place : place + count] == pytest.approx(expected)
        place += count
    assert place == len(points)


def test_lines_of_a_header_follow_each_other_without_touching() -> None:
    frame = Frame(title="Title", headline="Headline", legend=(), caption=("One", "Two"), lang="en")
    groups, y = place_header(frame, 600, FONT)
    title, headline = (group for group in groups if isinstance(group, Texts))
    assert title.size > headline.size
    gap = float(headline.y[0] - title.y[0])
    assert headline.size < gap < title.size * TITLE_SPACING  # set closer than two titles
    assert y > headline.y[0] + headline.size
    bare, above = place_header(replace(frame, headline=""), 600, FONT)
    assert len(bare) == 1 and above < y
    caption, end = place_caption(frame, 100, 600, FONT)
    assert [float(line.y[0]) for line in caption][0] == 100 and end > caption[1].y[0]


@pytest.mark.parametrize(("width", "factor"), [(1920, 1), (3840, 2), (9600, 5)])
def test_names_grow_with_the_width_of_a_screen(width: int, factor: int) -> None:
    slide = parse_paper("slide")
    assert parse_paper(f"{width}x1080").min_name == factor * slide.min_name


@pytest.mark.parametrize(("width", "lines"), [(5, ["ab cd"]), (4, ["ab", "cd"])])
def test_heading_folds_only_where_it_is_too_wide(width: int, lines: list[str]) -> None:
    assert fold_heading("ab cd", width) == lines
