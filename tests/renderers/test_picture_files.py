"""Pictures as files: counted from the SVG, searched in the PDF, the same bytes twice, whatever people are called."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from picture_trees import grown, picture

from refgraph.errors import UsageError
from refgraph.model.picture import CLOSED
from refgraph.renderers.look import Look
from refgraph.renderers.pictures import FORMATS, format_of, render_picture

SVG = "{http://www.w3.org/2000/svg}"
NASTY = ["$\\frac{$", "</script><script>alert(1)</script>", "a\0b", "\x1b[31mred\x1b[0m", "two\nlines", "\u202eevil", "长" * 200,
         "笑😀脸", "𠮷野家", "", "same", "same", "<b>&amp;\"'", "{curly} %s", "=1+1", "\ud800lone", " \t ", "镕喆堃翀"]  # fmt: skip


def nasty() -> list[str]:
    return [name.encode("utf-8", "ignore").decode() for name in NASTY]


def named(names: list[str]) -> tuple[np.ndarray, dict[str, list[object]]]:
    parent = np.array([-1] + [0] * (len(names) - 1), np.int32)
    return parent, {"name": list(names), "state": ["closed"] * len(names)}


def groups(svg: bytes) -> Counter[str]:
    """Elements in each group of an SVG, by class."""
    root = ElementTree.fromstring(svg)
    return Counter({g.get("class", ""): len(g) for g in root.iter(f"{SVG}g")})


def together(svg: bytes, *names: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    return [t.text or "" for g in root.iter(f"{SVG}g") if g.get("class") in names for t in g.iter(f"{SVG}text")]


@pytest.mark.parametrize(("n", "look"), [(30, Look()), (300, Look()), (3_000, Look()), (3_000, Look(max_names=3_000)), (1, Look())])
def test_counted_from_the_svg(n: int, look: Look) -> None:
    shown = picture(grown(n, 8), 8)
    svg = render_picture(shown, "svg", "zh", look)
    sizes = [0, 0]
    for text in together(svg, "stub"):
        some = re.fullmatch(r"另有 ([\d,]+) 家 · 成交 ([\d,]+)", text)
        assert some
        sizes = [a + int(b.replace(",", "")) for a, b in zip(sizes, some.groups(), strict=True)]
    root = ElementTree.fromstring(svg)
    count = Counter({name: sum(len(g) for g in root.iter(f"{SVG}g") if (g.get("class") or "") in name.split("|"))
                     for name in ("name|name closed", "name closed", "mark closed|mark former", "edge closed")})
    assert count["name|name closed"] + sizes[0] == n
    assert count["mark closed|mark former"] == count["name closed"] == int(shown.nodes["state"].is_in(CLOSED).sum()) - sizes[1]
    assert count["edge closed"] == count["name closed"] - (shown.nodes["state"][0] in CLOSED)


@pytest.mark.parametrize("format", FORMATS)
def test_same_bytes_twice_and_settings_left_alone(format: str) -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    shown = picture(grown(25, 9), 9, extras=4)
    first = render_picture(shown, format, "zh", Look(embed_font=True))
    mpl.rcParams["font.size"] = 31
    try:
        assert render_picture(shown, format, "zh", Look(embed_font=True)) == first
    finally:
        mpl.rcParams["font.size"] = before["font.size"]
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("format", FORMATS)
def test_names_that_break_careless_pictures(format: str, lang: str) -> None:
    parent, columns = named(nasty())
    shown = picture(parent, 1, **columns)
    page = render_picture(shown, format, lang, Look(embed_font=format == "svg"))
    assert page.startswith({"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF"}[format])
    if format == "svg":
        root = ElementTree.fromstring(page)
        assert not [e.tag for e in root.iter() if e.tag.removeprefix(SVG) in ("script", "foreignObject", "image", "use", "a")]
        text = page.decode()
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
        assert not re.search(r"\b(href|src|on\w+)\s*=", re.sub(r"<style>.*?</style>", "", text, flags=re.S))
        names = together(page, "name closed")
        assert len(names) == len(NASTY)
        assert {"$\\frac{$", "</script><script>alert(1)</script>", "ab", "red", "two lines", "evil", "笑😀脸", "□野家", "<b>&amp;\"'",
                "{curly} %s", "=1+1", "lone", "镕喆堃翀"} <= set(names)  # fmt: skip
        assert all(names)
        long = [t for t in root.iter(f"{SVG}text") if (t.text or "").startswith("长长")]
        assert len(long) == 1 and len(long[0].text or "") < 30
        assert "长" * 200 in (long[0].findtext(f"{SVG}title") or "")
        caption = "".join(together(page, "caption"))
        assert ("□" in caption) and ("cut short" in caption or "截短" in caption)
        assert names.count("same") == 2


def test_an_svg_can_stand_beside_others_in_a_page() -> None:
    svg = render_picture(picture(grown(20, 2), 2), "svg", "zh").decode()
    assert not re.search(r"\sid=|<style|url\(", svg)
    assert svg.count("<svg") == 1 and svg.startswith("<svg ") and svg.rstrip().endswith("</svg>")


def test_the_png_is_the_size_of_the_scene_and_red_where_somebody_closed() -> None:
    from PIL import Image

    shown = picture(grown(12, 2), 2, state=["closed"] + ["new"] * 11)
    svg = ElementTree.fromstring(render_picture(shown, "svg", "zh"))
    with Image.open(io.BytesIO(render_picture(shown, "png", "zh"))) as image:
        assert abs(image.width - 2 * float(svg.get("width", 0))) <= 2
        at = next(g[0] for g in svg.iter(f"{SVG}g") if g.get("class") == "mark closed")
        red, green, blue = image.convert("RGB").getpixel((2 * float(at.get("cx", 0)), 2 * float(at.get("cy", 0))))
        assert red > 200 and green < 80 and blue < 90
        assert image.convert("RGB").getpixel((3, 3)) == (255, 255, 255)


def test_text_in_a_pdf_can_be_searched(tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        if os.environ.get("CI"):
            pytest.fail("pdftotext (poppler-utils) is missing")
        pytest.skip("pdftotext (poppler-utils) is missing")
    shown = picture(grown(20, 4), 4)
    (tmp_path / "tree.pdf").write_bytes(render_picture(shown, "pdf", "zh"))
    done = subprocess.run(["pdftotext", str(tmp_path / "tree.pdf"), "-"], capture_output=True, check=True)
    text = done.stdout.decode()
    assert all(name in text for name in shown.nodes["name"])
    assert "已成交" in text and "客户推荐树" in text


def test_what_is_too_large_for_a_png_is_said() -> None:
    shown = picture(np.where(np.arange(20_000) == 0, -1, 0).astype(np.int32), 1)
    with pytest.raises(UsageError) as fault:
        render_picture(shown, "png", "en", Look(max_names=20_000))
    assert fault.value.id == "picture-too-large"
    assert b"name closed" in render_picture(shown, "svg", "en", Look(max_names=20_000))


@pytest.mark.parametrize(("look", "id"), [(Look(style="x"), "unknown-look"), (Look(color_by="x"), "unknown-look"),
                                          (Look(size_by="x"), "unknown-look"), (Look(max_names=0), "bad-max-names")])  # fmt: skip
def test_looks_that_are_none(look: Look, id: str) -> None:
    with pytest.raises(UsageError) as fault:
        render_picture(picture(grown(3, 1)), "svg", "en", look)
    assert fault.value.id == id


def test_formats_by_suffix() -> None:
    assert [format_of(f"a.{s}") for s in ("SVG", "png", "pdf")] == ["svg", "png", "pdf"]
    for name in ("tree.jpg", "tree"):
        with pytest.raises(UsageError):
            format_of(name)
    with pytest.raises(UsageError):
        render_picture(picture(grown(2, 1)), "gif", "en")


def test_colour_may_tell_a_group() -> None:
    shown = picture(grown(40, 5), 5)
    svg = render_picture(shown, "svg", "zh", Look(color_by="region"))
    regions = shown.nodes["region"].value_counts().sort("count", "region", descending=[True, False])["region"].to_list()
    legend = together(svg, "legend")
    assert legend[:8] == regions[:8]
    assert (legend[8] == f"其余 {len(regions) - 8} 类") == (len(regions) > 8)
    assert "红名红线：已成交" in legend and "已成交" not in legend
