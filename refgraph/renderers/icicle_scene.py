"""An icicle in ink: cells by the share that closed, with names where they fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph import texts
from refgraph.layouts.icicle import Icicle, lay_out_icicle
from refgraph.model.message import Label, Message, message
from refgraph.model.picture import CLOSED_STATES, Picture
from refgraph.renderers import cells, palette
from refgraph.renderers.fonts import Font
from refgraph.renderers.label_text import Phrases, format_distinct
from refgraph.renderers.labels import Labels, build_labels
from refgraph.renderers.page_frame import LegendEntry
from refgraph.renderers.scene import Group, Lines, Texts
from refgraph.renderers.style import PictureStyle
from refgraph.texts import numbers

MIN_COLUMN_WIDTH = 7.2
"""Width of the narrowest column, in sizes of a name."""
DETAIL_SHARE, HEADING_SHARE = 0.86, 0.9
"""Sizes of the second line and of the heading of a column, in sizes of a name."""
LINE_SPACE, DETAIL_SPACE = 1.25, 1.15
"""Height of a cell that takes a name, and of each further line, in sizes of a name."""
COLUMN_GAP, PADDING = 2.0, 7.0
OUTLINED_HEIGHT = 3.0
"""Pixels of a cell from which a white line parts it from the next."""
MIN_DRAWN_HEIGHT = 0.1
"""Pixels of a merged cell that leaves a trace."""


@dataclass(frozen=True, eq=False, kw_only=True)
class DrawnIcicle:
    """An icicle in ink.

    nodes: with a name, one per label. notes: how many parties are named, merged and left out.
    """

    groups: tuple[Group, ...]
    legend: list[LegendEntry]
    labels: Labels
    nodes: pl.DataFrame
    notes: tuple[Message, ...]


def draw_icicle(
    picture: Picture,
    style: PictureStyle,
    lang: str,
    font: Font,
    room: tuple[float, float],
    name_size: float,
) -> DrawnIcicle:
    """The icicle that fills a room, with names of some size; lengths in pixels."""
    heading = 2 * HEADING_SHARE * name_size
    by_value = style.size_by == "downstream-value"
    weight = np.ones(len(picture))
    values = np.maximum(picture.nodes["value"].to_numpy().astype(np.float64), 0.0)
    if by_value and values.sum() > 0:
        weight = values
    most = max(1, int(room[0] / (MIN_COLUMN_WIDTH * name_size)))
    if picture.depth is not None:
        most = min(most, picture.depth + 1)
    is_closed = picture.nodes["state"].is_in(CLOSED_STATES).to_numpy()
    parent, size = picture.nodes["parent"].to_numpy(), picture.nodes["downstream"].to_numpy() + 1
    icicle = lay_out_icicle(parent, size, weight, is_closed, room[1] - heading, most)
    width = room[0] / icicle.columns
    named = np.flatnonzero(icicle.height >= LINE_SPACE * name_size)
    nodes = picture.nodes[icicle.place[named]]
    room_for_text = width - 2 * PADDING - COLUMN_GAP
    labels = build_labels(
        picture,
        nodes,
        np.zeros(len(named), np.bool_),
        lang,
        font,
        with_edges=False,
        name_size=name_size,
        max_name_width=room_for_text,
    )
    lines = (labels.names, *_write_details(picture, nodes, lang))
    words = _draw_texts(icicle, named, lines, labels.titles, font, (width, heading, name_size))
    counts = _draw_counts(icicle, font, (width, heading, name_size), lang)
    headings = _draw_headings(icicle, width, name_size, lang)
    boxes = _draw_cells(icicle, width, heading)
    return DrawnIcicle(
        groups=(*boxes, headings, *counts, *words),
        legend=_build_legend(icicle, by_value, picture, lang),
        labels=labels,
        nodes=nodes,
        notes=_build_notes(icicle, len(named), len(picture)),
    )


def _draw_cells(icicle: Icicle, width: float, heading: float) -> Iterator[Lines]:
    """Merged cells, then those of one party, by color."""
    parts = (
        (icicle.merged_column, icicle.merged_top, icicle.merged_height, icicle.merged_share),
        (icicle.column, icicle.top, icicle.height, icicle.closed_share),
    )
    for name, (column, top, height, share) in zip(("merged", "cell"), parts, strict=True):
        x, y = column * width, heading + top
        right, bottom = x + width - COLUMN_GAP, y + height
        corners = ((x, y), (right, y), (right, bottom), (x, bottom))
        points = np.stack([np.stack(corner, axis=1) for corner in corners], axis=1)
        color = palette.find_share_colors(share)
        for index, fill in enumerate(palette.SHARE_COLORS):
            for is_high in (False, True):
                mask = (color == index) & ((height >= OUTLINED_HEIGHT) == is_high)
                selected = points[mask & (height >= MIN_DRAWN_HEIGHT)]
                if len(selected):
                    yield Lines(
                        name=name,
                        points=selected,
                        code="MLLL",
                        color=palette.BACKGROUND if is_high else fill,
                        width=0.8 if is_high else 0.0,
                        fill=fill,
                    )


def _draw_texts(
    icicle: Icicle,
    named: np.ndarray,
    words: Sequence[Sequence[str]],
    titles: Sequence[str],
    font: Font,
    size: tuple[float, float, float],
) -> Iterator[Texts]:
    """Names, and up to two lines below where they fit, in the middle of their cells.

    words: the lines of each name. size: width of a column, height of the headings, size of a name.
    """
    width, heading, name_size = size
    sizes = (name_size, DETAIL_SHARE * name_size, DETAIL_SHARE * name_size)
    height = icicle.height[named]
    fits = np.ones((len(words), len(named)), np.bool_)
    for k, (line, line_size) in enumerate(zip(words, sizes, strict=True)):
        has_width = font.widths(line, line_size) <= width - 2 * PADDING
        has_height = height >= (LINE_SPACE + k * DETAIL_SPACE) * name_size
        if k:
            fits[k] = fits[k - 1] & has_height & has_width & (np.array(line) != "")
    lines = fits.sum(axis=0) - 1
    middle = heading + icicle.top[named] + height / 2
    base = middle + (0.36 - 0.5 * DETAIL_SPACE * lines) * name_size
    x = icicle.column[named] * width + PADDING
    ink = np.array(palette.SHARE_TEXT_COLORS)[palette.find_share_colors(icicle.closed_share[named])]
    for color in sorted(set(palette.SHARE_TEXT_COLORS)):
        for k, (line, line_size) in enumerate(zip(words, sizes, strict=True)):
            rows = np.flatnonzero(fits[k] & (ink == color))
            yield Texts(
                name="detail" if k else "name",
                x=x[rows],
                y=base[rows] + k * DETAIL_SPACE * name_size,
                texts=[line[row] for row in rows],
                size=line_size,
                color=color,
                titles=None if k else [titles[row] for row in rows],
            )


def _draw_counts(
    icicle: Icicle, font: Font, size: tuple[float, float, float], lang: str
) -> Iterator[Texts]:
    """How many parties are merged in a cell, where that fits; arguments as in `_draw_texts`."""
    width, heading, name_size = size
    counts = pl.DataFrame(
        {
            "hidden": format_distinct(pl.Series(icicle.merged_parties), numbers.format_count),
            "closed": format_distinct(pl.Series(icicle.merged_closed), numbers.format_count),
        }
    )
    phrase = Phrases(lang).fill("stub", hidden="hidden", closed="closed")
    words = counts.select(phrase).to_series().to_list()
    has_room = font.widths(words, DETAIL_SHARE * name_size) <= width - 2 * PADDING
    has_room &= icicle.merged_height >= LINE_SPACE * name_size
    ink = np.array(palette.SHARE_TEXT_COLORS)[palette.find_share_colors(icicle.merged_share)]
    for color in sorted(set(palette.SHARE_TEXT_COLORS)):
        rows = np.flatnonzero(has_room & (icicle.merged_parties > 0) & (ink == color))
        middle = icicle.merged_top[rows] + icicle.merged_height[rows] / 2
        yield Texts(
            name="stub",
            x=icicle.merged_column[rows] * width + PADDING,
            y=heading + middle + 0.31 * name_size,
            texts=[words[row] for row in rows],
            size=DETAIL_SHARE * name_size,
            color=color,
        )


def _write_details(picture: Picture, nodes: pl.DataFrame, lang: str) -> tuple[list[str], list[str]]:
    """What is below each party and how much closed, and what all are worth."""
    phrases = Phrases(lang)

    def format_value(value: float) -> str:
        return cells.clean_text(numbers.format_amount(picture.amount(value), lang))

    written = nodes.select(
        below=format_distinct(nodes["downstream"], numbers.format_count),
        closed=format_distinct(nodes["downstream_closed"], numbers.format_count),
    ).select(
        below=pl.when(pl.col("below") == "0")
        .then(pl.lit(""))
        .otherwise(phrases.fill("below", below="below", closed="closed"))
    )
    worth = format_distinct(nodes["value"] + nodes["downstream_value"], format_value).to_list()
    if picture.basis == "customers":
        worth = [""] * nodes.height
    below = written["below"].to_list()
    first = [line or second for line, second in zip(below, worth, strict=True)]
    second = [second if line else "" for line, second in zip(below, worth, strict=True)]
    return first, second


def _draw_headings(icicle: Icicle, width: float, size: float, lang: str) -> Texts:
    """The generation above each column."""
    phrases = Phrases(lang)
    first, others = phrases.text("generation-first"), phrases.text("generation")
    words = [first, *(others.format(generation=k) for k in range(1, icicle.columns))]
    return Texts(
        name="generation",
        x=np.arange(icicle.columns) * width,
        y=np.full(icicle.columns, HEADING_SHARE * size),
        texts=words,
        size=HEADING_SHARE * size,
        color=palette.MUTED_TEXT,
    )


def _build_legend(icicle: Icicle, by_value: bool, picture: Picture, lang: str) -> list[LegendEntry]:
    """The colors that are drawn, and what height stands for."""
    phrases = Phrases(lang)
    shares = np.concatenate((icicle.closed_share, icicle.merged_share))
    drawn = set(palette.find_share_colors(shares).tolist())
    entries = [LegendEntry(text=phrases.text("legend-share"))]
    for index, color in enumerate(palette.SHARE_COLORS):
        if index in drawn:
            low, high = palette.SHARE_LIMITS[index], palette.SHARE_LIMITS[index + 1]
            text = f"{100 * low:.0f}–{100 * high:.0f} %" if index else "0 %"
            ink = palette.Ink(color, palette.MUTED_TEXT, shape="square", width=0.8)
            entries.append(LegendEntry(text=text, ink=ink))
    height = message(
        f"picture.height-{'value' if by_value else 'parties'}", basis=Label(picture.basis)
    )
    return [*entries, LegendEntry(text=texts.format_message(height, lang))]


def _build_notes(icicle: Icicle, named: int, parties: int) -> tuple[Message, ...]:
    """Named, too low for a name, merged and folded ones add up to all parties."""
    note = message(
        "picture.icicle-folded" if icicle.folded else "picture.icicle",
        parties=parties,
        named=named,
        unnamed=len(icicle.place) - named,
        merged=icicle.merged,
        folded=icicle.folded,
        generations=icicle.columns - 1,
    )
    return (note,)
