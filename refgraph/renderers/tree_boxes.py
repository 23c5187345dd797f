"""How much room each party of a tree takes, and where the layouts put it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from refgraph.layouts import choose
from refgraph.layouts.edges import curves
from refgraph.layouts.positions import Positions
from refgraph.layouts.rows import rows
from refgraph.layouts.tidy import tidy
from refgraph.renderers.fonts import Font
from refgraph.renderers.labels import DETAIL_SIZE, EDGE_SIZE, NAME_SIZE, Labels
from refgraph.renderers.look import Look
from refgraph.renderers.shown import Shown

LEAST, LARGEST = 4.0, 15.0
"""Radius of a mark: floor, and that of the greatest amount."""
SPACE, TRAIL, BEND, GAP_Y, NEAR, HEAD = 6.0, 8.0, 40.0, 7.0, 22.0, 14.0
"""Pixels between mark and name, behind a name, of a bend, between boxes, before a stub that stands alone, of an arrow."""
TWO_LINES, ONE_LINE, STUB_LINE = 31.0, 18.0, 15.0
STAR = "★"
STAR_SPACE = 4.0


@dataclass(frozen=True, eq=False)
class Boxes:
    """float64[n], one row a party or stub: size of the box, room for the text on its edge, radius of its mark (a stub: 0).

    inset: from the left end of a box to the centre of its mark. largest: the amount of the largest mark.
    """

    width: np.ndarray
    height: np.ndarray
    edge: np.ndarray
    radius: np.ndarray
    inset: float
    largest: float


def boxes(shown: Shown, words: Labels, stubs: Sequence[str], look: Look, font: Font, arrows: np.ndarray) -> Boxes:
    """Room for everything, measured with the font that draws. arrows: bool[n], rows that arcs end at."""
    radius, largest = _radii(shown.nodes[shown.names], look)
    inset = float(radius.max(initial=LEAST))
    names = font.widths(words.names, NAME_SIZE) + np.where(keys(shown), STAR_SPACE + font.widths([STAR], NAME_SIZE)[0], 0.0)
    lines = np.where(np.array([len(d) for d in words.details]) > 0, TWO_LINES, ONE_LINE)
    width, height, edge, marks = np.zeros((4, len(shown.tree.place)))
    width[shown.names] = 2 * inset + SPACE + np.maximum(names, font.widths(words.details, DETAIL_SIZE)) + TRAIL
    height[shown.names] = np.maximum(lines, 2 * radius + 3)
    texts = font.widths(words.edges, EDGE_SIZE)
    edge[shown.names] = np.where(texts > 0, texts + 6 + HEAD * arrows[shown.names] + inset - radius, 0.0)
    marks[shown.names] = radius
    width[shown.stubs] = font.widths(stubs, DETAIL_SIZE) + TRAIL
    height[shown.stubs] = STUB_LINE
    return Boxes(width, height, edge, marks, inset, largest)


def keys(shown: Shown) -> np.ndarray:
    """bool, one a party shown: key accounts."""
    found: np.ndarray = shown.nodes["key"].gather(shown.names).fill_null(False).to_numpy()
    return found


def _radii(named: pl.DataFrame, look: Look) -> tuple[np.ndarray, float]:
    """Radius of each party's mark, its area in proportion to the amount above a floor; and the greatest amount."""
    if look.size_by == "equal":
        return np.full(named.height, 6.0), 0.0
    amounts = np.maximum(named[look.size_by.replace("-", "_")].to_numpy().astype(np.float64), 0.0)
    largest = float(amounts.max(initial=0.0))
    share = amounts / largest if largest > 0 else amounts
    return np.maximum(LEAST, LARGEST * np.sqrt(share)), largest


def placed(shown: Shown, room: Boxes, look: Look) -> tuple[str, Positions, np.ndarray]:
    """The style chosen, where the boxes stand, and the edges as `edges.CURVE` into all rows but the first."""
    style, at = _laid_out(shown, room, look)
    parent = shown.tree.parent
    points = curves(parent, at, room.width - TRAIL / 2, bend=BEND)
    alone = _alone(shown)
    x = at.x.copy()
    x[alone] = at.x[parent[alone]] + room.width[parent[alone]] + NEAR
    into = np.arange(1, len(parent))
    end = x[into] + np.where(shown.tree.is_stub[into], -4.0, room.inset)
    points[:, -1, 0] = end
    points[alone - 1, :, 0] = np.linspace(points[alone - 1, 0, 0], end[alone - 1], 6).T
    return style, replace(at, x=x, width=float((x + room.width).max())), points


def _alone(shown: Shown) -> np.ndarray:
    """Rows of stubs that are an only child: they stand right behind their party, on its own row."""
    children = np.bincount(shown.tree.parent + 1, minlength=len(shown.tree.parent) + 1)[1:]
    found: np.ndarray = shown.stubs[children[shown.tree.parent[shown.stubs]] == 1]
    return found


def _laid_out(shown: Shown, room: Boxes, look: Look) -> tuple[str, Positions]:
    def lay(layout: Callable[..., Positions]) -> Positions:
        return layout(shown.tree.parent, room.width, room.height, gap_x=BEND, gap_y=GAP_Y, edge_width=room.edge)

    style = "trunk" if shown.trunk and look.style == "auto" else look.style
    if style == "auto":
        both = choose.TIDY_UP_TO < len(shown.names) <= choose.WHOLE_UP_TO
        heights = [lay(f).height if both else None for f in (tidy, rows)]
        style = choose.style(len(shown.names), tidy_height=heights[0], rows_height=heights[1])
        style = "rows" if style == "trunk" else style
    return style, lay(rows if style == "rows" else tidy)
