"""Pictures of everything: an icicle on a paper, in which every party is counted once."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.picture_checks import overlaps, rectangles, texts_of
from support.picture_formats import PICTURE_FORMATS
from support.picture_trees import grow_tree, picture
from support.random_cases import cases

from refgraph.renderers import fonts, palette
from refgraph.renderers.paper import PAPERS
from refgraph.renderers.pictures import build_scene, render_picture
from refgraph.renderers.scene import Lines, Marks, Scene, Texts
from refgraph.renderers.style import PictureStyle

FONT = fonts.load_font()


def list_cells(page: Scene) -> list[Lines]:
    return [g for g in page.groups if isinstance(g, Lines) and g.name in ("cell", "merged")]


@settings(max_examples=cases(60), deadline=None)
@given(
    n=st.integers(1, 400),
    seed=st.integers(0, 10**6),
    paper=st.sampled_from([None, *PAPERS]),
    size_by=st.sampled_from(["value", "downstream-value"]),
    depth=st.none() | st.integers(0, 4),
    basis=st.sampled_from(["revenue", "customers"]),
)
def test_icicle_counts_every_party_and_its_texts_stay_in_their_cells(
    n: int, seed: int, paper: str | None, size_by: str, depth: int | None, basis: str
) -> None:
    shown = replace(picture(grow_tree(n, seed), seed, extras=2), depth=depth, basis=basis)
    look = PictureStyle(style="icicle", paper=paper, size_by=size_by)
    page = build_scene(shown, "en", look, FONT)
    size = PAPERS[paper or "slide"]
    assert (page.width, page.height) == (size.width, size.height)
    names = [g for g in page.groups if isinstance(g, Texts) and g.name == "name"]
    assert {g.size for g in names} == {size.min_name}
    line = next(t for t in texts_of(page, "caption") if t.startswith(f"{n:,} part"))
    counts = [int(c.replace(",", "")) for c in re.findall(r"[\d,]*\d", line)][1:]
    named, unnamed, merged, folded = (*counts[:3], counts[3] if len(counts) > 3 else 0)
    assert named + unnamed + merged + folded == n and named == sum(map(len, names))
    drawn = sum(len(g) for g in list_cells(page) if g.name == "cell")
    assert named + unnamed == drawn
    texts = np.concatenate((rectangles(page, FONT), rectangles(page, FONT, around=True)))
    assert overlaps(texts, slack=0.6) == 0
    assert (texts[:, :2] >= 0).all() and (texts[:, 2:] <= [page.width, page.height]).all()
    fills = {g.fill for g in list_cells(page)}
    entries = {g.fill for g in page.groups if isinstance(g, Marks) and g.name == "legend-mark"}
    assert fills <= entries, "every color is explained"


def compute_contrast(first: str, second: str) -> float:
    """Contrast of two colors (WCAG 2.2)."""
    light = []
    for color in (first, second):
        parts = [int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        light.append(0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2])
    return (max(light) + 0.05) / (min(light) + 0.05)


def test_texts_have_a_contrast_of_at_least_four_and_a_half() -> None:
    pairs = [*zip(palette.SHARE_COLORS, palette.SHARE_TEXT_COLORS, strict=True)]
    inks = (palette.TEXT, palette.MUTED_TEXT, palette.FAINT_TEXT, palette.CLOSED_TEXT)
    pairs += [(palette.BACKGROUND, ink) for ink in inks]
    assert min(compute_contrast(*pair) for pair in pairs) >= 4.5


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_icicle_of_41698_parties_is_one_slide(lang: str) -> None:
    svg = render_picture(
        picture(grow_tree(41_698, 3), 7), "svg", lang, PictureStyle(style="icicle")
    )
    assert b'width="1920" height="1080"' in svg[:300] and len(svg) < 400_000
    assert "41,698" in svg.decode()


def test_icicle_of_trees_that_are_all_too_small_for_a_name_counts_them() -> None:
    pairs = np.stack((np.full(700, -1), np.arange(0, 1400, 2)), axis=1).reshape(-1)
    page = build_scene(
        picture(pairs.astype(np.int32), 3), "en", PictureStyle(style="icicle", paper="slide"), FONT
    )
    assert not texts_of(page, "name", "name closed")
    assert any(line.startswith("1,400 parties: 0 named") for line in texts_of(page, "caption"))


@pytest.mark.parametrize("format", PICTURE_FORMATS)
def test_icicle_twice_gives_the_same_bytes(format: str) -> None:
    shown, look = picture(grow_tree(300, 2), 2), PictureStyle(style="icicle", paper="a4")
    assert render_picture(shown, format, "zh", look) == render_picture(shown, format, "zh", look)
