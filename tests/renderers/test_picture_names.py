"""Pictures of people with any name: nothing runs, nothing breaks, and what is not drawn is said."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from support.picture_formats import PICTURE_FORMATS
from support.picture_trees import picture
from support.svg_texts import SVG, list_texts

from refgraph.renderers.pictures import render_picture
from refgraph.renderers.style import PictureStyle

NASTY = [
    "$\\frac{$",
    "</script><script>alert(1)</script>",
    "a\0b",
    "\x1b[31mred\x1b[0m",
    "two\nlines",
    "\u202eevil",
    "长" * 200,
    "笑😀脸",
    "𠮷野家",
    "",
    "same",
    "same",
    "<b>&amp;\"'",
    "{curly} %s",
    "=1+1",
    "\ud800lone",
    " \t ",
    "镕喆堃翀",
]
DRAWN_NAMES = {
    "$\\frac{$",
    "</script><script>alert(1)</script>",
    "ab",
    "red",
    "two lines",
    "evil",
    "笑😀脸",
    "□野家",
    "<b>&amp;\"'",
    "{curly} %s",
    "=1+1",
    "lone",
    "镕喆堃翀",
}
"""What the picture shows of most of them."""


def list_hostile_names() -> list[str]:
    return [name.encode("utf-8", "ignore").decode() for name in NASTY]


def make_star(names: list[str]) -> tuple[np.ndarray, dict[str, list[object]]]:
    parent = np.array([-1] + [0] * (len(names) - 1), np.int32)
    return parent, {"name": list(names), "state": ["closed"] * len(names)}


def check_svg(page: bytes) -> None:
    """All of the names are there as plain text, and nothing else came in with them."""
    root = ElementTree.fromstring(page)
    assert not [
        e.tag
        for e in root.iter()
        if e.tag.removeprefix(SVG) in ("script", "foreignObject", "image", "use", "a")
    ]
    text = page.decode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    assert not re.search(
        r"\b(href|src|on\w+)\s*=", re.sub(r"<style>.*?</style>", "", text, flags=re.S)
    )
    names = list_texts(page, "name closed")
    assert len(names) == len(NASTY)
    assert set(names) >= DRAWN_NAMES
    assert all(names)
    long = [t for t in root.iter(f"{SVG}text") if (t.text or "").startswith("长长")]
    assert len(long) == 1 and len(long[0].text or "") < 30
    assert "长" * 200 in (long[0].findtext(f"{SVG}title") or "")
    caption = "".join(list_texts(page, "caption"))
    assert ("□" in caption) and ("cut short" in caption or "截短" in caption)
    assert names.count("same") == 2


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("format", PICTURE_FORMATS)
def test_picture_of_hostile_names_shows_them_as_text(format: str, lang: str) -> None:
    parent, columns = make_star(list_hostile_names())
    shown = picture(parent, 1, **columns)
    page = render_picture(shown, format, lang, PictureStyle(embed_font=format == "svg"))
    assert page.startswith(
        {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF", "pptx": b"PK"}[format]
    )
    if format == "svg":
        check_svg(page)
