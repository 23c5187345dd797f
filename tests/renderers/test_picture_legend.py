"""A legend explains all that is drawn and nothing else, whatever the tree and the look."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.picture_checks import texts_of
from support.picture_trees import grow_tree, picture
from support.random_cases import cases

from refgraph.renderers import fonts, palette
from refgraph.renderers.pictures import build_scene
from refgraph.renderers.scene import Lines, Marks, Scene, Texts
from refgraph.renderers.style import ColorField, PictureStyle, SizeMeasure

FONT = fonts.load_font()
LINES = {"second": "further referrer", "loop": "removed to break a cycle"} | {
    "edge-stub": "collapsed parties, counted"
}
EDGE_TEXTS = {
    "on the line: how they know each other, date of referral",
    "on the line: how they know each other",
    "on the line: date of referral",
}
looks = st.builds(
    PictureStyle,
    style=st.sampled_from(["auto", "trunk"]),
    max_names=st.none() | st.integers(1, 8),
    color_by=st.sampled_from(get_args(ColorField)),
    size_by=st.sampled_from(get_args(SizeMeasure)),
)


def list_looks(page: Scene, *names: str) -> set[tuple[object, ...]]:
    """Fill, outline, dash and shape of all marks of some groups."""
    marks = [g for g in page.groups if isinstance(g, Marks) and g.name.split()[0] in names]
    return {(g.fill, g.color, g.dash, g.shape) for g in marks if len(g)}


@settings(max_examples=cases(150), deadline=None)
@given(
    n=st.integers(1, 25),
    seed=st.integers(0, 10**6),
    look=looks,
    extras=st.integers(0, 3),
    words=st.booleans(),
)
def test_legend_explains_exactly_what_is_drawn(
    n: int, seed: int, look: PictureStyle, extras: int, words: bool
) -> None:
    given_columns = {} if words else {"channel": [None] * n}
    page = build_scene(picture(grow_tree(n, seed), seed, extras, **given_columns), "en", look, FONT)
    legend, drawn = set(texts_of(page, "legend")), {g.name for g in page.groups if len(g)}
    marks, entries = list_looks(page, "mark"), list_looks(page, "legend-mark")
    if look.color_by == "state":
        blank = {e for e in entries if e[0] == palette.BACKGROUND} - marks
        assert entries - blank == marks
    else:
        assert {m[0] for m in marks} <= {e[0] for e in entries}
        outlines = {m[1:] for m in marks} - {(palette.MUTED_TEXT, None, "circle")}
        assert outlines == {
            e[1:]
            for e in entries
            if e[1] not in (palette.MUTED_TEXT, palette.FAINT_TEXT, palette.TEXT)
            or e[3] == "square"
        }
    for name, text in LINES.items():
        assert (name in drawn) == (text in legend)
    assert ("key" in drawn) == ("★ key account" in legend)
    assert ("root" in drawn) == ("start of the tree" in legend)
    assert len(EDGE_TEXTS & legend) == ("edge-text" in drawn)
    if not words:
        assert not legend & {text for text in EDGE_TEXTS if "how they know" in text}
    assert ("thicker line: more parties below" in legend) == any(
        len({g.width for g in page.groups if isinstance(g, Lines) and len(g) and g.name == kind})
        > 1
        for kind in ("edge", "edge closed")
    )
    has_red = any(isinstance(g, Texts) and len(g) and g.name == "name closed" for g in page.groups)
    red = {"red name and line: closed", "red name: closed"} & legend
    assert len(red) == (has_red and look.color_by != "state")
    assert ("red name and line: closed" in red) <= ("edge closed" in drawn)


def test_legend_of_one_name_has_no_line_and_no_ring() -> None:
    shown = picture(grow_tree(30, 1), 1, state=["closed"] * 30)
    page = build_scene(shown, "en", PictureStyle(max_names=1), FONT)
    assert [t.split(":")[0] for t in texts_of(page, "legend")] == [
        "closed",
        "start of the tree",
        "area",
        "collapsed parties, counted",
    ]


@pytest.mark.parametrize(("style", "expected"), [("trunk", True), ("rows", False)])
def test_legend_explains_line_width_only_where_widths_differ(style: str, expected: bool) -> None:
    look = PictureStyle(style=style, max_names=60 if expected else 400)
    page = build_scene(picture(grow_tree(400, 2), 2), "en", look, FONT)
    assert ("thicker line: more parties below" in texts_of(page, "legend")) is expected


LEGENDS = {
    "an amount": ({"value": [0.0, 3.0, 0.0]}, "this circle: "),
    "a key account": ({"key": [False, True, False]}, "key account"),
}


@pytest.mark.parametrize("name", LEGENDS)
def test_legend_explains_a_size_and_a_mark_only_where_one_is_drawn(name: str) -> None:
    given, text = LEGENDS[name]
    nothing: dict[str, list[object]] = {"state": ["closed"] * 3, "value": [0.0] * 3}
    nothing |= {"key": [None] * 3, "date": [None] * 3, "channel": [None] * 3}
    for columns, expected in ((nothing, False), (nothing | given, True)):
        page = build_scene(
            picture(np.array([-1, 0, 0], np.int32), 1, **columns), "en", PictureStyle(), FONT
        )
        assert any(text in line for line in texts_of(page, "legend")) is expected
