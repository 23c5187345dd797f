"""The texts of a tree: names, second lines, texts on edges and stubs, stars of key accounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from refgraph.layouts.positions import Positions
from refgraph.model.picture import CLOSED_STATES
from refgraph.renderers import palette
from refgraph.renderers.fonts import Font
from refgraph.renderers.labels import DETAIL_SIZE, EDGE_SIZE, NAME_SIZE, Labels
from refgraph.renderers.scene import Floats, Texts
from refgraph.renderers.tree_boxes import (
    ARROW_LENGTH,
    NAME_GAP,
    STAR,
    STAR_GAP,
    Boxes,
    mask_key_accounts,
)
from refgraph.renderers.tree_selection import TreeSelection


def draw_texts(
    selection: TreeSelection,
    positions: Positions,
    boxes: Boxes,
    labels: Labels,
    stub_texts: Sequence[str],
    font: Font,
    has_arrow: np.ndarray,
) -> Iterator[Texts]:
    """All texts, one group per kind; names last."""
    names, stubs = selection.names, selection.stubs
    left = positions.x[names]
    x, y = left + 2 * boxes.inset + NAME_GAP, positions.y[names]
    edge_end = left + boxes.inset - boxes.radius[names] - 4 - ARROW_LENGTH * has_arrow[names]
    yield _draw_edge_texts(labels, edge_end, y - 4)
    has_detail = np.array(list(map(bool, labels.details)), bool)
    yield _draw_details(labels, has_detail, x, y + 12)
    yield Texts(
        name="stub",
        x=positions.x[stubs],
        y=positions.y[stubs] + 4,
        texts=stub_texts,
        size=DETAIL_SIZE,
        color=palette.MUTED_TEXT,
    )
    base = y + np.where(has_detail, -2.5, 5.0)
    star_x = x + font.widths(labels.names, NAME_SIZE) + STAR_GAP
    yield _draw_stars(mask_key_accounts(selection), star_x, base)
    is_closed = selection.nodes["state"].gather(names).is_in(CLOSED_STATES).to_numpy()
    yield _draw_names("name", labels, ~is_closed, x, base, palette.TEXT)
    yield _draw_names("name closed", labels, is_closed, x, base, palette.CLOSED_TEXT)


def _draw_edge_texts(labels: Labels, x: Floats, y: Floats) -> Texts:
    """The texts that are not empty, ending at x."""
    has_text = np.array(list(map(bool, labels.edges)), bool)
    return Texts(
        name="edge-text",
        x=x[has_text],
        y=y[has_text],
        texts=[text for text in labels.edges if text],
        size=EDGE_SIZE,
        color=palette.FAINT_TEXT,
        anchor="end",
    )


def _draw_details(labels: Labels, has_detail: np.ndarray, x: Floats, y: Floats) -> Texts:
    return Texts(
        name="detail",
        x=x[has_detail],
        y=y[has_detail],
        texts=[text for text in labels.details if text],
        size=DETAIL_SIZE,
        color=palette.MUTED_TEXT,
    )


def _draw_stars(is_key: np.ndarray, x: Floats, y: Floats) -> Texts:
    return Texts(
        name="key",
        x=x[is_key],
        y=y[is_key],
        texts=[STAR] * int(is_key.sum()),
        size=NAME_SIZE,
        color=palette.TEXT,
    )


def _draw_names(
    name: str, labels: Labels, mask: np.ndarray, x: Floats, y: Floats, color: str
) -> Texts:
    """The names of some parties, with everything about them on hovering."""
    rows = np.flatnonzero(mask)
    return Texts(
        name=name,
        x=x[rows],
        y=y[rows],
        texts=[labels.names[row] for row in rows],
        size=NAME_SIZE,
        color=color,
        titles=[labels.titles[row] for row in rows],
    )
