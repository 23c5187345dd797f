"""What stands around a drawing: title, headline and legend above it, the caption below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from refgraph.renderers import palette
from refgraph.renderers.fonts import Font
from refgraph.renderers.palette import Ink
from refgraph.renderers.scene import Group, Lines, Marks, Scene, Texts

MARGIN, LEAST_WIDTH = 28.0, 720.0
TITLE_SIZE, LINE_SIZE, LEGEND_SIZE, CAPTION_SIZE = 21.0, 13.0, 12.0, 11.5
WORDS = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+|\s+")
CLOSING = "，。；：、）！？,.;:)!?”’"


@dataclass(frozen=True)
class Entry:
    """One entry of a legend: a mark of some radius, a line of some width, or nothing, and what it says."""

    text: str
    ink: Ink | None = None
    radius: float = 6.0
    line: str = ""
    dash: tuple[float, float] | None = None
    width: float = 1.6


def page(groups: Sequence[Group], width: float, height: float, *, title: str, headline: str, legend: Sequence[Entry],
         caption: Sequence[str], font: Font, lang: str) -> Scene:
    """A drawing of some size with its words around it; the page is as wide as the drawing, at least 720 pixels."""
    inner = max(width, LEAST_WIDTH)
    made: list[Group] = []
    y = MARGIN + TITLE_SIZE * 0.85
    for line in wrapped(title, TITLE_SIZE, inner, font):
        made.append(_text("title", MARGIN, y, line, TITLE_SIZE, palette.TEXT))
        y += TITLE_SIZE * 1.3
    y -= 4
    for line in wrapped(headline, LINE_SIZE, inner, font):
        made.append(_text("headline", MARGIN, y, line, LINE_SIZE, palette.SOFT))
        y += LINE_SIZE * 1.5
    y += 6
    marks, y = _legend(legend, y, inner, font)
    made += marks
    y += 14
    made += [_moved(g, MARGIN, y) for g in groups]
    y += height + 30
    for line in (part for text in caption for part in wrapped(text, CAPTION_SIZE, inner, font)):
        made.append(_text("caption", MARGIN, y, line, CAPTION_SIZE, palette.SOFT))
        y += CAPTION_SIZE * 1.5
    bottom = y - CAPTION_SIZE + MARGIN * 0.6 if caption else y - 30 + MARGIN
    return Scene(inner + 2 * MARGIN, bottom, title, " ".join((headline, *caption)), lang, tuple(made), palette.PAPER)


def wrapped(text: str, size: float, room: float, font: Font) -> list[str]:
    """The text in lines no wider than ``room`` pixels, broken at spaces and between Chinese characters."""
    pieces = WORDS.findall(text)
    widths = font.widths(pieces, size)
    lines, line, used = [], "", 0.0
    for piece, width in zip(pieces, widths, strict=True):
        if used + width > room and line and piece not in CLOSING:
            lines.append(line.rstrip())
            line, used = "", 0.0
        if line or piece.strip():
            line, used = line + piece, used + width
    return [*lines, line] if line.strip() else lines


def _text(name: str, x: float, y: float, text: str, size: float, color: str) -> Texts:
    return Texts(name, np.array([x]), np.array([y]), [text], size, color)


def _legend(entries: Sequence[Entry], y: float, room: float, font: Font) -> tuple[list[Group], float]:
    """Entries side by side, in as many rows as they need, and the y below them."""
    made: list[Group] = []
    tall = max((2 * e.radius for e in entries if e.ink), default=12.0)
    row, x = max(20.0, tall + 6), MARGIN
    y += row / 2
    for entry in entries:
        symbol = 2 * entry.radius if entry.ink else 26.0 if entry.line else 0.0
        width = symbol + (6 if symbol else 0) + float(font.widths([entry.text], LEGEND_SIZE)[0])
        if x + width > MARGIN + room and x > MARGIN:
            x, y = MARGIN, y + row
        made += _symbol(entry, x, y)
        made.append(_text("legend", x + symbol + (6 if symbol else 0), y + 4.3, entry.text, LEGEND_SIZE, palette.TEXT))
        x += width + 20
    return made, y + row / 2


def _symbol(entry: Entry, x: float, y: float) -> list[Group]:
    if entry.ink:
        ink, at = entry.ink, (np.array([x + entry.radius]), np.array([y]), np.array([entry.radius]))
        return [Marks("legend-mark", *at, ink.fill, ink.color, ink.width, ink.shape, None, ink.dash)]
    if entry.line:
        return [Lines("legend-line", np.array([[[x, y], [x + 26, y]]]), "ML", entry.line, entry.width, entry.dash)]
    return []


def _moved(group: Group, dx: float, dy: float) -> Group:
    from dataclasses import replace

    if isinstance(group, Lines):
        return replace(group, points=group.points + np.array([dx, dy]))
    return replace(group, x=group.x + dx, y=group.y + dy)
