"""SCENE -> SVG: one self-contained element that can stand in a page beside others; text stays text.

Ink stands on the groups as attributes; classes only say what a group is and ids are not used, so that several
pictures in one page cannot clash. Columns of text are put together by polars, never party by party.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import polars as pl

from refgraph.renderers import fonts
from refgraph.renderers.scene import Group, Lines, Marks, Scene, Texts

LANGUAGES = {"en": "en", "zh": "zh-Hans"}


def write(scene: Scene, font: fonts.Font | None = None) -> bytes:
    """The scene as UTF-8 ``<svg>``. With a font its characters are embedded, else the reader's system has to have them."""
    style = fonts.face(font, scene.all_texts()) if font else ""
    family = ",".join(f"'{n}'" if " " in n else n for n in (*((fonts.SUBSET_NAME,) if style else ()), *fonts.FAMILIES))
    w, h = _number(scene.width), _number(scene.height)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" '
        f'lang="{LANGUAGES[scene.lang]}" font-family="{family}" class="refgraph-picture">\n'
        f"<title>{escape(scene.title)}</title>\n<desc>{escape(scene.description)}</desc>\n"
    )
    style = f"<style>{style}</style>\n" if style else ""
    back = f'<rect width="{w}" height="{h}" fill="{scene.background}"/>\n'
    body = "".join(map(_group, scene.groups))
    return f"{head}{style}{back}{body}</svg>\n".encode("utf-8", "ignore")


def _group(group: Group) -> str:
    if isinstance(group, Lines):
        return _lines(group)
    return _marks(group) if isinstance(group, Marks) else _texts(group)


def _number(x: float) -> str:
    return f"{round(float(x), 2):g}" if abs(x) < 1e5 else f"{float(x):.0f}"


def _column(values: np.ndarray) -> pl.Expr:
    """Numbers as text with at most two decimals, without a trailing .0."""
    return pl.lit(pl.Series(np.round(values, 2) + 0.0)).cast(pl.String).str.strip_suffix(".0")


def _escaped(texts: Sequence[str]) -> pl.Expr:
    return pl.lit(pl.Series(texts, dtype=pl.String)).str.replace_many(
        ["&", "<", ">", '"'], ["&amp;", "&lt;", "&gt;", "&quot;"])


def _joined(parts: list[pl.Expr | str], n: int) -> str:
    if not n:
        return ""
    made = pl.concat_str([pl.lit(p) if isinstance(p, str) else p for p in parts])
    return str(pl.select(made.str.join("\n")).item()) + "\n"


def _titled(element: str, titles: Sequence[str] | None) -> list[pl.Expr | str]:
    return ["/>"] if titles is None else ["><title>", _escaped(titles), f"</title></{element}>"]


def _dash(dash: tuple[float, float] | None) -> str:
    return f' stroke-dasharray="{dash[0]:g} {dash[1]:g}"' if dash else ""


def _lines(group: Lines) -> str:
    n, parts = len(group.points), list[pl.Expr | str](['<path d="'])
    for k, code in enumerate(group.code):
        follows = code == "C" and k and group.code[k - 1] == "C"
        parts += [" " if follows else code, _column(group.points[:, k, 0]), " ", _column(group.points[:, k, 1])]
    fill, body = group.fill or "none", _joined([*parts, '"/>'], n)
    return (f'<g class="{group.name}" fill="{fill}" stroke="{group.color}" stroke-width="{group.width:g}"{_dash(group.dash)}>\n'
            f"{body}</g>\n")  # fmt: skip


def _marks(group: Marks) -> str:
    n = len(group.x)
    if group.shape == "circle":
        parts = ['<circle cx="', _column(group.x), '" cy="', _column(group.y), '" r="', _column(group.r), '"',
                 *_titled("circle", group.titles)]  # fmt: skip
    else:
        side = _column(2 * group.r)
        parts = ['<rect x="', _column(group.x - group.r), '" y="', _column(group.y - group.r), '" width="', side,
                 '" height="', side, '"', *_titled("rect", group.titles)]  # fmt: skip
    return (f'<g class="{group.name}" fill="{group.fill}" stroke="{group.color}" stroke-width="{group.width:g}"'
            f"{_dash(group.dash)}>\n{_joined(parts, n)}</g>\n")  # fmt: skip


def _texts(group: Texts) -> str:
    end: list[pl.Expr | str] = ["</text>"]
    if group.titles is not None:
        end = ["<title>", _escaped(group.titles), "</title></text>"]
    parts = ['<text x="', _column(group.x), '" y="', _column(group.y), '">', _escaped(group.texts), *end]
    anchor = "" if group.anchor == "start" else f' text-anchor="{group.anchor}"'
    return (f'<g class="{group.name}" fill="{group.color}" font-size="{group.size:g}"{anchor}>\n'
            f"{_joined(parts, len(group.texts))}</g>\n")  # fmt: skip
