"""SCENE -> SVG: one self-contained element that can be in a page with others; text stays text.

Ink is on the groups as attributes; classes only say what a group is and ids are not used, so that
several pictures in one page cannot clash. Columns of text are put together by polars, never party
by party.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import numpy as np
import polars as pl

from refgraph.renderers import font_subset, fonts
from refgraph.renderers.scene import Group, Lines, Marks, Scene, Texts
from refgraph.renderers.view import LANGUAGE_TAGS

Part = pl.Expr | str
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""What XML may not hold: one such character, and no program shows the picture."""


def write_svg(scene: Scene, font: fonts.Font | None = None) -> bytes:
    """The scene as UTF-8 ``<svg>``.

    With a font its characters are embedded, otherwise the reader's system needs to have them.
    """
    font_face = font_subset.build_font_face(font, scene.all_texts()) if font else ""
    families = [font_subset.SUBSET_NAME] if font_face else []
    families += fonts.FONT_FAMILIES
    family = ",".join(f"'{name}'" if " " in name else name for name in families)
    parts = [
        _open_svg(scene, family),
        f"<title>{escape(scene.title)}</title>\n",
        f"<desc>{escape(scene.description)}</desc>\n",
    ]
    if font_face:
        parts.append(f"<style>{font_face}</style>\n")
    parts.append(_format_background(scene))
    parts += map(_format_group, scene.groups)
    return drop_forbidden("".join([*parts, "</svg>\n"])).encode()


def drop_forbidden(text: str) -> str:
    """The text without what XML may not hold."""
    return _FORBIDDEN.sub("", text).encode("utf-8", "ignore").decode()


def _open_svg(scene: Scene, family: str) -> str:
    """The start tag. family: fonts for the attribute ``font-family``."""
    width, height = _format_number(scene.width), _format_number(scene.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" role="img" lang="{LANGUAGE_TAGS[scene.lang]}"'
        f' font-family="{family}" class="refgraph-picture">\n'
    )


def _format_background(scene: Scene) -> str:
    """A rectangle as large as the page."""
    width, height = _format_number(scene.width), _format_number(scene.height)
    return f'<rect width="{width}" height="{height}" fill="{scene.background}"/>\n'


def _format_group(group: Group) -> str:
    if isinstance(group, Lines):
        return _format_lines(group)
    return _format_marks(group) if isinstance(group, Marks) else _format_texts(group)


def _format_lines(group: Lines) -> str:
    parts: list[Part] = ['<path d="']
    for k, code in enumerate(group.code):
        continues_curve = code == "C" and k > 0 and group.code[k - 1] == "C"
        x, y = group.points[:, k, 0], group.points[:, k, 1]
        parts += [" " if continues_curve else code, _format_numbers(x), " ", _format_numbers(y)]
    ink = _format_ink(group.fill or "none", group.color, group.width, group.dash)
    return _wrap_group(group.name, ink, [*parts, '"/>'], len(group))


def _format_marks(group: Marks) -> str:
    x, y, r = group.x, group.y, group.r
    if group.shape == "circle":
        element = "circle"
        attributes = {"cx": x, "cy": y, "r": r}
    else:
        element = "rect"
        attributes = {"x": x - r, "y": y - r, "width": 2 * r, "height": 2 * r}
    parts: list[Part] = [f"<{element}"]
    for name, values in attributes.items():
        parts += [f' {name}="', _format_numbers(values), '"']
    ink = _format_ink(group.fill, group.color, group.width, group.dash)
    end = _close_with_titles(element, group.titles)
    return _wrap_group(group.name, ink, [*parts, *end], len(group))


def _format_texts(group: Texts) -> str:
    x, y = _format_numbers(group.x), _format_numbers(group.y)
    parts: list[Part] = ['<text x="', x, '" y="', y]
    if group.angles is not None:
        parts += ['" transform="rotate(', _format_numbers(group.angles), " ", x, " ", y, ")"]
    parts += ['">', _escape_texts(group.texts)]
    if group.titles is not None:
        parts += ["<title>", _escape_texts(group.titles), "</title>"]
    anchor = "" if group.anchor == "start" else f' text-anchor="{group.anchor}"'
    ink = f'fill="{group.color}" font-size="{group.size:g}"{anchor}'
    return _wrap_group(group.name, ink, [*parts, "</text>"], len(group.texts))


def _format_ink(fill: str, color: str, width: float, dash: tuple[float, float] | None) -> str:
    """The attributes of fill and outline."""
    ink = f'fill="{fill}" stroke="{color}" stroke-width="{width:g}"'
    return f'{ink} stroke-dasharray="{dash[0]:g} {dash[1]:g}"' if dash else ink


def _close_with_titles(element: str, titles: Sequence[str] | None) -> list[Part]:
    """The end of elements, each with its title."""
    if titles is None:
        return ["/>"]
    return ["><title>", _escape_texts(titles), f"</title></{element}>"]


def _wrap_group(name: str, ink: str, parts: Sequence[Part], count: int) -> str:
    """A group with ``count`` elements, one per line, joined from parts."""
    elements = ""
    if count:
        columns = [pl.lit(part) if isinstance(part, str) else part for part in parts]
        elements = pl.select(pl.concat_str(columns).str.join("\n")).item() + "\n"
    return f'<g class="{name}" {ink}>\n{elements}</g>\n'


def _format_number(number: float) -> str:
    if abs(number) < 1e5:
        return f"{round(float(number), 2):g}"
    return f"{float(number):.0f}"


def _format_numbers(values: np.ndarray) -> pl.Expr:
    """Numbers as text with at most two decimals, without a trailing .0."""
    return pl.lit(pl.Series(np.round(values, 2) + 0.0)).cast(pl.String).str.strip_suffix(".0")


def _escape_texts(texts: Sequence[str]) -> pl.Expr:
    column = pl.lit(pl.Series(texts, dtype=pl.String))
    return column.str.replace_many(["&", "<", ">", '"'], ["&amp;", "&lt;", "&gt;", "&quot;"])
