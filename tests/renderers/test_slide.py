"""Pictures as presentations: every text is a box of its own, where the SVG has it."""

from __future__ import annotations

import io
import sys
from collections import Counter
from typing import Any

import numpy as np
import pytest
from support.picture_formats import needs_pptx
from support.picture_trees import grow_tree, picture

from refgraph.errors import UsageError
from refgraph.renderers import fonts
from refgraph.renderers.pictures import build_scene, render_picture
from refgraph.renderers.scene import Lines, Marks, Texts
from refgraph.renderers.style import PictureStyle, StyleName

FONT = fonts.load_font()


def open_slide(content: bytes) -> tuple[Any, list[Any]]:
    from pptx import Presentation

    deck = Presentation(io.BytesIO(content))
    assert len(deck.slides) == 1
    return deck, list(deck.slides[0].shapes)


@needs_pptx
@pytest.mark.parametrize("style", ["tidy", "outline", "radial", "icicle"])
def test_slide_has_every_text_and_mark_as_a_shape_in_its_place(style: StyleName) -> None:
    shown, look = picture(grow_tree(25, 4), 4, extras=3), PictureStyle(style=style, paper="a4")
    page = build_scene(shown, "zh", look, FONT)
    deck, shapes = open_slide(render_picture(shown, "pptx", "zh", look))
    unit = deck.slide_width / page.width
    assert deck.slide_height / unit == pytest.approx(page.height, abs=0.1)
    boxes = [shape for shape in shapes if shape.has_text_frame and shape.text_frame.text]
    assert Counter(box.text_frame.text for box in boxes) == Counter(page.all_texts())
    drawn = [(g, k) for g in page.groups if isinstance(g, Texts) for k in range(len(g))]
    for box, (group, k) in zip(boxes, drawn, strict=True):
        run = box.text_frame.paragraphs[0].runs[0]
        assert run.font.size / unit == pytest.approx(group.size, rel=0.02)
        assert f"#{run.font.color.rgb}".lower() == group.color.lower()
        middle = np.array([box.left + box.width / 2, box.top + box.height / 2]) / unit
        half = FONT.widths([group.texts[k]], group.size)[0] / 2 + group.size
        assert np.hypot(*(middle - [group.x[k], group.y[k]])) <= half
    marks = sum(len(g) for g in page.groups if isinstance(g, Marks))
    lines = sum(len(g) for g in page.groups if isinstance(g, Lines))
    assert len(shapes) == len(boxes) + marks + lines


@needs_pptx
def test_slide_draws_curves_as_curves_and_stays_inside() -> None:
    look = PictureStyle(style="tidy", paper="slide")
    deck, shapes = open_slide(render_picture(picture(grow_tree(12, 4), 4), "pptx", "en", look))
    assert deck.slide_width == 12_192_000 and deck.slide_height == 6_858_000
    edges = [shape for shape in shapes if shape.name.startswith("edge")]
    names = {"edge", "edge closed"}
    curves = [s for s in edges if s.name in names and s._element.xpath(".//a:cubicBezTo")]
    assert len(curves) == 11
    for shape in shapes:
        assert -2 <= shape.left <= shape.left + shape.width <= deck.slide_width + 2
        assert -2 <= shape.top <= shape.top + shape.height <= deck.slide_height + 2


@needs_pptx
def test_slide_without_a_paper_is_a_slide_and_of_many_cells_stays_small() -> None:
    shown = picture(grow_tree(3_000, 4), 4)
    content = render_picture(shown, "pptx", "zh", PictureStyle(style="icicle"))
    deck, shapes = open_slide(content)
    assert deck.slide_width == 12_192_000 and len(content) < 300_000 and len(shapes) < 1_500
    assert deck.core_properties.title.split(" · ")[1] == shown.nodes["name"][0]


def test_slide_without_the_extra_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pptx", None)
    with pytest.raises(UsageError) as fault:
        render_picture(picture(grow_tree(3, 1), 1), "pptx", "en")
    assert (fault.value.id, fault.value.values["extra"]) == ("missing-extra", "pptx")
