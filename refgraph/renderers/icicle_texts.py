"""The words of an icicle: headings, names, what is below them, and counts of merged parties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from refgraph.layouts.icicle import Icicle
from refgraph.model.picture import Picture
from refgraph.renderers import cells, palette
from refgraph.renderers.fonts import Font
from refgraph.renderers.label_text import Phrases, format_distinct
from refgraph.renderers.scene import Texts
from refgraph.texts import numbers

DETAIL_SHARE, HEADING_SHARE = 0.86, 0.9
"""Sizes of the second line and of the heading of a column, in sizes of a name."""
LINE_SPACE, DETAIL_SPACE = 1.25, 1.15
"""Height of a cell that takes a name, and of each further line, in sizes of a name."""
PADDING = 7.0


def draw_texts(
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
                texts=[line[int(row)] for row in rows],
                size=line_size,
                color=color,
                titles=None if k else [titles[int(row)] for row in rows],
            )


def draw_counts(
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
            x=icicle.merged_column[rows].astype(np.float64) * width + PADDING,
            y=heading + middle + 0.31 * name_size,
            texts=[words[row] for row in rows],
            size=DETAIL_SHARE * name_size,
            color=color,
        )


def write_details(picture: Picture, nodes: pl.DataFrame, lang: str) -> tuple[list[str], list[str]]:
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


def draw_headings(icicle: Icicle, width: float, size: float, lang: str) -> Texts:
    """The generation above each column."""
    phrases = Phrases(lang)
    first, others = phrases.text("generation-first"), phrases.text("generation")
    words = [first, *(others.format(generation=k) for k in range(1, icicle.columns))]
    return Texts(
        name="generation",
        x=np.arange(icicle.columns, dtype=np.float64) * width,
        y=np.full(icicle.columns, HEADING_SHARE * size),
        texts=words,
        size=HEADING_SHARE * size,
        color=palette.MUTED_TEXT,
    )
