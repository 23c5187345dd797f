"""Pictures as files: counted from the SVG, searched in the PDF, the same bytes twice."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from support.picture_formats import PICTURE_FORMATS
from support.picture_trees import grow_tree, picture
from support.svg_texts import SVG, list_texts

from refgraph.errors import UsageError
from refgraph.model.picture import CLOSED_STATES
from refgraph.renderers.pictures import find_format, render_picture
from refgraph.renderers.style import PictureStyle


@pytest.mark.parametrize(
    ("n", "look"),
    [
        (30, PictureStyle()),
        (300, PictureStyle()),
        (3_000, PictureStyle()),
        (3_000, PictureStyle(max_names=3_000)),
        (1, PictureStyle()),
    ],
)
def test_svg_shows_every_party_once_by_name_or_in_a_stub(n: int, look: PictureStyle) -> None:
    shown = picture(grow_tree(n, 8), 8)
    svg = render_picture(shown, "svg", "zh", look)
    sizes = [0, 0]
    for text in list_texts(svg, "stub"):
        some = re.fullmatch(r"另有 ([\d,]+) 家 · 成交 ([\d,]+)", text)
        assert some
        sizes = [a + int(b.replace(",", "")) for a, b in zip(sizes, some.groups(), strict=True)]
    root = ElementTree.fromstring(svg)
    count = Counter(
        {
            name: sum(
                len(g) for g in root.iter(f"{SVG}g") if (g.get("class") or "") in name.split("|")
            )
            for name in (
                "name|name closed",
                "name closed",
                "mark closed|mark former",
                "edge closed",
            )
        }
    )
    assert count["name|name closed"] + sizes[0] == n
    assert (
        count["mark closed|mark former"]
        == count["name closed"]
        == int(shown.nodes["state"].is_in(CLOSED_STATES).sum()) - sizes[1]
    )
    assert count["edge closed"] == count["name closed"] - (shown.nodes["state"][0] in CLOSED_STATES)


@pytest.mark.parametrize("format", PICTURE_FORMATS)
def test_render_picture_twice_gives_same_bytes_and_keeps_matplotlib_settings(format: str) -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    shown = picture(grow_tree(25, 9), 9, extras=4)
    first = render_picture(shown, format, "zh", PictureStyle(embed_font=True))
    mpl.rcParams["font.size"] = 31
    try:
        assert render_picture(shown, format, "zh", PictureStyle(embed_font=True)) == first
    finally:
        mpl.rcParams["font.size"] = before["font.size"]
    assert dict(mpl.rcParams) == before


def test_svg_without_embedded_font_has_no_ids_or_styles() -> None:
    svg = render_picture(picture(grow_tree(20, 2), 2), "svg", "zh").decode()
    assert not re.search(r"\sid=|<style|url\(", svg)
    assert svg.count("<svg") == 1 and svg.startswith("<svg ") and svg.rstrip().endswith("</svg>")


def test_png_has_twice_the_scene_size_and_red_closed_marks() -> None:
    from PIL import Image

    shown = picture(grow_tree(12, 2), 2, state=["closed"] + ["new"] * 11)
    svg = ElementTree.fromstring(render_picture(shown, "svg", "zh"))
    with Image.open(io.BytesIO(render_picture(shown, "png", "zh"))) as image:
        assert abs(image.width - 2 * float(svg.get("width", 0))) <= 2
        at = next(g[0] for g in svg.iter(f"{SVG}g") if g.get("class") == "mark closed")
        red, green, blue = image.convert("RGB").getpixel(
            (2 * float(at.get("cx", 0)), 2 * float(at.get("cy", 0)))
        )
        assert red > 200 and green < 80 and blue < 90
        assert image.convert("RGB").getpixel((3, 3)) == (255, 255, 255)


def test_pdf_text_is_searchable(tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        if os.environ.get("CI"):
            pytest.fail("pdftotext (poppler-utils) is missing")
        pytest.skip("pdftotext (poppler-utils) is missing")
    shown = picture(grow_tree(20, 4), 4)
    (tmp_path / "tree.pdf").write_bytes(render_picture(shown, "pdf", "zh"))
    done = subprocess.run(
        ["pdftotext", str(tmp_path / "tree.pdf"), "-"], capture_output=True, check=True
    )
    text = done.stdout.decode()
    assert all(name in text for name in shown.nodes["name"])
    assert "已成交" in text and "客户推荐树" in text


def test_png_of_oversized_scene_is_refused_and_svg_is_not() -> None:
    shown = picture(np.where(np.arange(20_000) == 0, -1, 0).astype(np.int32), 1)
    with pytest.raises(UsageError) as fault:
        render_picture(shown, "png", "en", PictureStyle(max_names=20_000))
    assert fault.value.id == "picture-too-large"
    assert b"name closed" in render_picture(shown, "svg", "en", PictureStyle(max_names=20_000))


@pytest.mark.parametrize(
    ("look", "id"),
    [
        ({"style": "x"}, "bad-word"),
        ({"color_by": "x"}, "bad-word"),
        ({"size_by": "x"}, "bad-word"),
        ({"max_names": 0}, "out-of-range"),
    ],
)
def test_style_of_unknown_words_raises(look: dict[str, Any], id: str) -> None:
    with pytest.raises(UsageError) as fault:
        PictureStyle(**look)
    assert fault.value.id == id


def test_picture_in_an_unknown_language_raises() -> None:
    with pytest.raises(UsageError) as fault:
        render_picture(picture(grow_tree(3, 1)), "svg", "fr")
    assert fault.value.id == "bad-word"


def test_find_format_of_picture_follows_suffix() -> None:
    assert [find_format(f"a.{s}") for s in ("SVG", "png", "pdf")] == ["svg", "png", "pdf"]
    for name in ("tree.jpg", "tree"):
        with pytest.raises(UsageError):
            find_format(name)
    with pytest.raises(UsageError):
        render_picture(picture(grow_tree(2, 1)), "gif", "en")


def test_color_by_region_lists_largest_groups_in_legend() -> None:
    shown = picture(grow_tree(40, 5), 5)
    svg = render_picture(shown, "svg", "zh", PictureStyle(color_by="region"))
    regions = (
        shown.nodes["region"]
        .value_counts()
        .sort("count", "region", descending=[True, False])["region"]
        .to_list()
    )
    legend = list_texts(svg, "legend")
    assert legend[:8] == regions[:8]
    assert (legend[8] == f"其余 {len(regions) - 8} 类") == (len(regions) > 8)
    assert "红名红线：已成交" in legend and "洽谈中" not in legend
