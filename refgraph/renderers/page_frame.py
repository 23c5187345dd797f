"""The frame of a drawing: title, headline and legend above it, the caption below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from refgraph.renderers import palette
from refgraph.renderers.fonts import Font
from refgraph.renderers.palette import Ink
from refgraph.renderers.scene import Group, Lines, Marks, Scene, Texts, translate_group

MARGIN, MIN_WIDTH = 28.0, 720.0
TITLE_SIZE, LINE_SIZE, LEGEND_SIZE, CAPTION_SIZE = 21.0, 13.0, 12.0, 11.5
TITLE_SPACING, LINE_SPACING = 1.3, 1.5
"""Line heights in font sizes."""
GAP_BELOW_LEGEND, GAP_ABOVE_CAPTION = 14.0, 30.0
LINE_SYMBOL_WIDTH, SYMBOL_GAP, ENTRY_GAP = 26.0, 6, 20
LEGEND_ROW_HEIGHT = 20.0
BREAK_PATTERN = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+|\s+")
"""Pieces of a text that are not broken: Chinese characters, words, spaces."""
CLOSING_PUNCTUATION = "，。；：、）！？,.;:)!?”’"
"""Never at the beginning of a line."""
OPENING_PUNCTUATION = "（(“["
"""Never at the end of a line."""


@dataclass(frozen=True, kw_only=True)
class LegendEntry:
    """A text with a mark of some radius, with a line of some color and width, or alone."""

    text: str
    ink: Ink | None = None
    radius: float = 6.0
    line: str = ""
    dash: tuple[float, float] | None = None
    width: float = 1.6

    def symbol_width(self) -> float:
        """Pixels of the mark or line."""
        if self.ink:
            return 2 * self.radius
        return LINE_SYMBOL_WIDTH if self.line else 0.0


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The words around a drawing. lang: en or zh."""

    title: str
    headline: str
    legend: Sequence[LegendEntry]
    caption: Sequence[str]
    lang: str


def compose_page(
    groups: Sequence[Group], width: float, height: float, frame: Frame, font: Font
) -> Scene:
    """A drawing in its frame; the page is as wide as the drawing, at least `MIN_WIDTH`."""
    inner = max(width, MIN_WIDTH)
    header, y = place_header(frame, inner, font)
    drawing = [translate_group(group, MARGIN, y) for group in groups]
    y += height + GAP_ABOVE_CAPTION
    caption, y = place_caption(frame, y, inner, font)
    bottom = y - GAP_ABOVE_CAPTION + MARGIN
    if frame.caption:
        bottom = y - CAPTION_SIZE + MARGIN * 0.6
    return build_scene(inner + 2 * MARGIN, bottom, frame, (*header, *drawing, *caption))


def build_scene(width: float, height: float, frame: Frame, groups: Sequence[Group]) -> Scene:
    """The finished page with its words for readers who do not see it."""
    return Scene(
        width=width,
        height=height,
        title=frame.title,
        description=" ".join((frame.headline, *frame.caption)),
        lang=frame.lang,
        groups=tuple(groups),
        background=palette.BACKGROUND,
    )


def place_header(frame: Frame, inner: float, font: Font) -> tuple[list[Group], float]:
    """Title, headline and legend at the top of a page, and the y below them."""
    y = MARGIN + TITLE_SIZE * 0.85 if frame.title else MARGIN * 0.4
    lines = wrap_text(frame.title, TITLE_SIZE, inner, font)
    title, y = _place_lines("title", lines, y, TITLE_SIZE, TITLE_SPACING, palette.TEXT)
    lines = wrap_text(frame.headline, LINE_SIZE, inner, font)
    headline, y = _place_lines(
        "headline", lines, y - 4, LINE_SIZE, LINE_SPACING, palette.MUTED_TEXT
    )
    legend, y = _place_legend(frame.legend, y + 6, inner, font)
    return [*title, *headline, *legend], y + GAP_BELOW_LEGEND


def place_caption(frame: Frame, y: float, inner: float, font: Font) -> tuple[list[Texts], float]:
    """The lines of the caption, the first on the base line y, and the y after the last."""
    lines = [line for text in frame.caption for line in wrap_text(text, CAPTION_SIZE, inner, font)]
    return _place_lines("caption", lines, y, CAPTION_SIZE, LINE_SPACING, palette.MUTED_TEXT)


def wrap_text(text: str, size: float, width: float, font: Font) -> list[str]:
    """Lines no wider than ``width`` pixels, broken at spaces and between Chinese characters."""
    pieces = [
        part
        for piece in _join_closing(BREAK_PATTERN.findall(text))
        for part in _split_wide_word(piece, size, width, font)
    ]
    lines, line, line_width = [], "", 0.0
    for piece, piece_width in zip(pieces, font.widths(pieces, size), strict=True):
        if line_width + piece_width > width and line:
            line, carried = _carry_opening(line.rstrip())
            lines.append(line)
            line, line_width = carried, float(font.widths([carried], size)[0])
        if line or piece.strip():
            line, line_width = line + piece, line_width + piece_width
    return [*lines, line] if line.strip() else lines


def _join_closing(pieces: Sequence[str]) -> list[str]:
    """The pieces, with the punctuation that may not begin a line at the end of the one before."""
    joined: list[str] = []
    for piece in pieces:
        if piece in CLOSING_PUNCTUATION and joined and joined[-1].strip():
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def _carry_opening(line: str) -> tuple[str, str]:
    """A line without an opening bracket at its end, and the bracket."""
    if len(line) > 1 and line[-1] in OPENING_PUNCTUATION:
        return line[:-1].rstrip(), line[-1]
    return line, ""


def _split_wide_word(word: str, size: float, width: float, font: Font) -> list[str]:
    """The word, in parts if it is wider than a line."""
    if len(word) * size <= width or font.widths([word], size)[0] <= width:
        return [word]
    most = max(1, int(width / float(font.widths(list(word), size).max())))
    return [word[k : k + most] for k in range(0, len(word), most)]


def _place_lines(
    name: str, lines: Sequence[str], y: float, size: float, spacing: float, color: str
) -> tuple[list[Texts], float]:
    """Lines from the left margin, the first one on the base line y, and the y after the last."""
    groups = []
    for line in lines:
        groups.append(_make_text(name, MARGIN, y, line, size, color))
        y += size * spacing
    return groups, y


def _make_text(name: str, x: float, y: float, text: str, size: float, color: str) -> Texts:
    return Texts(name=name, x=np.array([x]), y=np.array([y]), texts=[text], size=size, color=color)


def _place_legend(
    entries: Sequence[LegendEntry], y: float, width: float, font: Font
) -> tuple[list[Group], float]:
    """Entries side by side, in as many rows as they need, and the y below them."""
    groups: list[Group] = []
    tallest = max((2 * entry.radius for entry in entries if entry.ink), default=12.0)
    row_height, x = max(LEGEND_ROW_HEIGHT, tallest + 6), MARGIN
    y += row_height / 2
    for entry in entries:
        symbol = entry.symbol_width()
        gap = SYMBOL_GAP if symbol else 0
        entry_width = symbol + gap + float(font.widths([entry.text], LEGEND_SIZE)[0])
        if x + entry_width > MARGIN + width and x > MARGIN:
            x, y = MARGIN, y + row_height
        groups += _draw_symbol(entry, x, y)
        left, base = x + symbol + gap, y + 4.3
        groups.append(_make_text("legend", left, base, entry.text, LEGEND_SIZE, palette.TEXT))
        x += entry_width + ENTRY_GAP
    return groups, y + row_height / 2


def _draw_symbol(entry: LegendEntry, x: float, y: float) -> list[Group]:
    if entry.ink:
        center = (np.array([x + entry.radius]), np.array([y]))
        return [Marks.from_ink("legend-mark", *center, np.array([entry.radius]), entry.ink)]
    if entry.line:
        return [
            Lines(
                name="legend-line",
                points=np.array([[[x, y], [x + LINE_SYMBOL_WIDTH, y]]]),
                code="ML",
                color=entry.line,
                width=entry.width,
                dash=entry.dash,
            )
        ]
    return []
