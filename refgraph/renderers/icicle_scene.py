"""An icicle in ink: cells by the share that closed, with names where they fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph import texts
from refgraph.layouts.icicle import Icicle, lay_out_icicle
from refgraph.model.message import Label, Message, message
from refgraph.model.picture import CLOSED_STATES, Picture
from refgraph.renderers import palette
from refgraph.renderers.fonts import Font
from refgraph.renderers.icicle_texts import (
    HEADING_SHARE,
    LINE_SPACE,
    PADDING,
    draw_counts,
    draw_headings,
    draw_texts,
    write_details,
)
from refgraph.renderers.label_text import Phrases
from refgraph.renderers.labels import Labels, build_labels
from refgraph.renderers.page_frame import LegendEntry
from refgraph.renderers.scene import Group, Lines
from refgraph.renderers.style import PictureStyle
from refgraph.texts.numbers import format_share

MIN_COLUMN_WIDTH = 7.2
"""Width of the narrowest column, in sizes of a name."""
COLUMN_GAP = 2.0
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
    by_value = style.size_by == "downstream-value" and (picture.nodes["value"] > 0).any()
    most = max(1, int(room[0] / (MIN_COLUMN_WIDTH * name_size)))
    icicle = _lay_out(picture, by_value, room[1] - heading, most)
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
    lines = (labels.names, *write_details(picture, nodes, lang))
    words = draw_texts(icicle, named, lines, labels.titles, font, (width, heading, name_size))
    counts = draw_counts(icicle, font, (width, heading, name_size), lang)
    headings = draw_headings(icicle, width, name_size, lang)
    boxes = _draw_cells(icicle, width, heading)
    return DrawnIcicle(
        groups=(*boxes, headings, *counts, *words),
        legend=_build_legend(icicle, by_value, picture, lang),
        labels=labels,
        nodes=nodes,
        notes=_build_notes(icicle, len(named), len(picture)),
    )


def _lay_out(picture: Picture, by_value: bool, height: float, most: int) -> Icicle:
    """The icicle by parties or by value, which some party has; at most so many columns."""
    nodes, weight = picture.nodes, np.ones(len(picture))
    if by_value:
        weight = np.maximum(nodes["value"].to_numpy().astype(np.float64), 0.0)
    if picture.depth is not None:
        most = min(most, picture.depth + 1)
    is_closed = nodes["state"].is_in(CLOSED_STATES).to_numpy()
    parent, size = nodes["parent"].to_numpy(), nodes["downstream"].to_numpy() + 1
    return lay_out_icicle(parent, size, weight, is_closed, height, most)


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


def _build_legend(icicle: Icicle, by_value: bool, picture: Picture, lang: str) -> list[LegendEntry]:
    """The colors that are drawn, and what height stands for."""
    phrases = Phrases(lang)
    shares = np.concatenate((icicle.closed_share, icicle.merged_share))
    drawn = set(palette.find_share_colors(shares).tolist())
    entries = [LegendEntry(text=phrases.text("legend-share"))]
    for index, color in enumerate(palette.SHARE_COLORS):
        if index in drawn:
            low, high = palette.SHARE_LIMITS[index], palette.SHARE_LIMITS[index + 1]
            text = f"{100 * low:.0f}–" * (index > 0) + format_share(high, lang, 0)
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
