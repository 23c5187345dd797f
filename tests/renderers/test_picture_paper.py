"""Pictures for a paper: its exact size, legible names, and every party named or counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.picture_checks import (
    overlaps,
    rectangles,
    texts_of,
    turned_boxes,
    turned_overlaps,
)
from support.picture_trees import grow_tree, picture
from support.random_cases import cases

from refgraph.errors import UsageError
from refgraph.renderers import fonts
from refgraph.renderers.page_frame import MARGIN, wrap_text
from refgraph.renderers.paper import PAPERS, parse_paper
from refgraph.renderers.pictures import build_scene, render_picture
from refgraph.renderers.scene import Lines, Marks, Scene, Texts
from refgraph.renderers.style import PictureStyle, StyleName

FONT = fonts.load_font()
SHAPES = {
    "bush": lambda n: grow_tree(n, 3),
    "star": lambda n: np.where(np.arange(n) == 0, -1, 0).astype(np.int32),
    "chain": lambda n: np.arange(-1, n - 1, dtype=np.int32),
}


def find_name_sizes(page: Scene) -> set[float]:
    names = [g for g in page.groups if isinstance(g, Texts) and g.name.startswith("name")]
    return {g.size for g in names if len(g)}


def count_parties(page: Scene) -> int:
    """Names drawn, and parties behind stubs."""
    stubs = [int(t.split(" more")[0].replace(",", "")) for t in texts_of(page, "stub")]
    return len(texts_of(page, "name", "name closed")) + sum(stubs)


def check_page(page: Scene, paper_name: str, parties: int) -> None:
    paper = parse_paper(paper_name)
    assert (page.width, page.height) == (paper.width, paper.height)
    assert min(find_name_sizes(page)) >= paper.min_name - 1e-6
    smallest = min(g.size for g in page.groups if isinstance(g, Texts) and len(g))
    assert smallest >= paper.min_name * 6 / 7 - 1e-6
    assert count_parties(page) == parties
    flat = replace(page, groups=tuple(g for g in page.groups if g.name != "loop-badge"))
    boxes = np.concatenate((rectangles(flat, FONT), rectangles(flat, FONT, around=True)))
    assert overlaps(boxes, slack=0.6) == 0
    corners = turned_boxes(flat, FONT)
    assert turned_overlaps(corners, slack=0.6) == 0
    assert ((corners >= -1e-6) & (corners <= [page.width + 1e-6, page.height + 1e-6])).all()
    assert (boxes[:, :2] >= -1e-6).all()
    assert (boxes[:, 2:] <= [page.width + 1e-6, page.height + 1e-6]).all()


@settings(max_examples=cases(60), deadline=None)
@given(
    n=st.integers(1, 120),
    seed=st.integers(0, 10**6),
    paper=st.sampled_from([*PAPERS, "1000x700"]),
    extras=st.sampled_from([0, 0, 5]),
    look=st.builds(
        PictureStyle,
        style=st.sampled_from(["auto", "auto", "tidy", "rows", "trunk", "outline", "radial"]),
        max_names=st.none() | st.integers(1, 60),
    ),
)
def test_picture_of_any_tree_fits_any_paper_with_legible_names(
    n: int, seed: int, paper: str, extras: int, look: PictureStyle
) -> None:
    shown = picture(grow_tree(n, seed), seed, extras)
    page = build_scene(shown, "en", replace(look, paper=paper), FONT)
    check_page(page, paper, n)
    assert look.max_names is None or len(texts_of(page, "name", "name closed")) <= look.max_names


@pytest.mark.parametrize("paper", ["slide", "a4"])
@pytest.mark.parametrize("shape", SHAPES)
def test_picture_of_500_parties_fits_a_paper(shape: str, paper: str) -> None:
    page = build_scene(picture(SHAPES[shape](500), 4), "en", PictureStyle(paper=paper), FONT)
    check_page(page, paper, 500)
    assert len(texts_of(page, "name", "name closed")) > 60
    assert any("Shown: " in line for line in texts_of(page, "caption"))


@pytest.mark.parametrize("n", [13, 60, 145])
@pytest.mark.parametrize("paper", ["slide", "a4"])
def test_picture_of_up_to_145_parties_names_all_of_them(n: int, paper: str) -> None:
    page = build_scene(picture(grow_tree(n, 3), 7), "zh", PictureStyle(paper=paper), FONT)
    assert len(texts_of(page, "name", "name closed")) == n and not texts_of(page, "stub")


@pytest.mark.parametrize("style", ["outline", "radial"])
def test_layout_without_arcs_counts_the_referrals_that_it_does_not_draw(style: StyleName) -> None:
    shown = picture(grow_tree(30, 1), 1, extras=6)
    page = build_scene(shown, "en", PictureStyle(style=style), FONT)
    caption = texts_of(page, "caption")
    assert "6 further referrals are not drawn in this layout." in caption
    assert not any(isinstance(g, Marks) and g.name == "loop-badge" for g in page.groups)


@pytest.mark.parametrize(("n", "is_radial"), [(13, False), (41, True), (160, False)])
def test_shallow_tree_is_drawn_around_its_root_where_that_is_large_enough(
    n: int, is_radial: bool
) -> None:
    shown = picture(SHAPES["star"](n), 5)
    page = build_scene(shown, "en", PictureStyle(paper="a4"), FONT)
    assert any(isinstance(g, Texts) and g.angles is not None for g in page.groups) == is_radial
    check_page(page, "a4", n)
    assert len(texts_of(page, "name", "name closed")) == n


@pytest.mark.parametrize("n", [1, 2, 27, 60, 150])
@pytest.mark.parametrize("shape", SHAPES)
def test_radial_tree_names_all_without_overlaps(shape: str, n: int) -> None:
    page = build_scene(picture(SHAPES[shape](n), 6), "zh", PictureStyle(style="radial"), FONT)
    assert len(texts_of(page, "name", "name closed")) == n
    corners = turned_boxes(page, FONT)
    assert turned_overlaps(corners, slack=0.3) == 0
    assert ((corners >= 0) & (corners <= [page.width, page.height])).all()
    edges = [g for g in page.groups if isinstance(g, Lines) and g.name.startswith("edge")]
    dots = np.concatenate([g.points[:, 1:-1].reshape(-1, 2) for g in edges])
    names = turned_boxes(replace(page, groups=tuple(g for g in page.groups if len(g))), FONT)
    assert count_dots_inside(dots, names) == 0


@pytest.mark.parametrize("shape", ["bush", "star"])
def test_radial_tree_reaches_the_margins_of_its_page(shape: str) -> None:
    page = build_scene(picture(SHAPES[shape](150), 6), "zh", PictureStyle(style="radial"), FONT)
    corners = turned_boxes(page, FONT)
    x, y = corners[..., 0], corners[..., 1]
    for gap in (x.min(), page.width - x.max(), page.height - y.max()):
        assert MARGIN <= gap < MARGIN + 9.5  # a text ends 8 pixels before its box


def count_dots_inside(dots: np.ndarray, boxes: np.ndarray) -> int:
    """Dots strictly inside of turned rectangles."""
    inside = np.ones((len(dots), len(boxes)), bool)
    for a, b in ((1, 0), (3, 0)):
        side = boxes[:, a] - boxes[:, b]
        along = ((dots[:, None] - boxes[None, :, 0]) * side).sum(axis=2)
        inside &= (along > 0.1) & (along < (side**2).sum(axis=1) - 0.1)
    return int(inside.sum())


def test_title_of_the_caller_replaces_the_finding() -> None:
    look = PictureStyle(title="Who brought us\x1b[31m steel", paper="slide")
    assert texts_of(build_scene(picture(grow_tree(9, 1)), "en", look, FONT), "title") == [
        "Who brought us steel"
    ]


@pytest.mark.parametrize("format", ["svg", "png", "pdf"])
def test_picture_on_paper_twice_gives_the_same_bytes(format: str) -> None:
    shown, look = picture(grow_tree(40, 2), 2, extras=3), PictureStyle(paper="a4-landscape")
    first = render_picture(shown, format, "zh", look)
    assert render_picture(shown, format, "zh", look) == first


@pytest.mark.parametrize("paper", ["", "b5", "10x10", "0x800", "99999x99999", "1920", "ax4"])
def test_paper_that_is_unknown_or_of_no_use_is_refused(paper: str) -> None:
    with pytest.raises(UsageError) as fault:
        PictureStyle(paper=paper)
    assert fault.value.id == "bad-paper"


def test_paper_too_small_for_one_name_is_refused() -> None:
    with pytest.raises(UsageError) as fault:
        build_scene(picture(grow_tree(30, 1), 1), "en", PictureStyle(paper="300x300"), FONT)
    assert fault.value.id == "paper-too-small"


def test_parse_paper_reads_names_and_sizes() -> None:
    assert parse_paper(" A4 ") == PAPERS["a4"] and parse_paper("3840×2160").min_name == 32
    assert parse_paper("800 x 600").min_name == 12


def test_wrap_text_breaks_wide_words_and_keeps_brackets_with_what_follows() -> None:
    lines = wrap_text("x" * 90, 10.0, 100.0, FONT)
    assert "".join(lines) == "x" * 90 and len(lines) > 3
    text = "新增 4 家（含已流失），其中 1 家经推荐而来（25.0 %）。"
    for width in range(60, 200, 7):
        lines = wrap_text(text, 10.0, float(width), FONT)
        assert all(line[-1] not in "（(" and line[0] not in "），。" for line in lines)
        assert max(FONT.widths(lines, 10.0)) <= width
