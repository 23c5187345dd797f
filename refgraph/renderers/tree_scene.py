"""PICTURE + LOOK -> SCENE: a left-to-right tree with room for every word, measured with the font that draws it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.layouts import choose
from refgraph.layouts.edges import ARC, CURVE, arcs, curves
from refgraph.layouts.positions import Positions
from refgraph.layouts.rows import rows
from refgraph.layouts.tidy import tidy
from refgraph.model.picture import CLOSED, Picture
from refgraph.renderers import palette
from refgraph.renderers.fonts import Font
from refgraph.renderers.grouping import Grouping, grouping
from refgraph.renderers.labels import DETAIL_SIZE, EDGE_SIZE, NAME_SIZE, Labels, Phrases, labels, spoken
from refgraph.renderers.look import Look
from refgraph.renderers.scene import Group, Lines, Marks, Texts
from refgraph.renderers.shown import Shown
from refgraph.texts.numbers import count

LEAST, LARGEST = 4.0, 15.0
"""Radius of a mark: floor, and that of the greatest amount."""
SPACE, TRAIL, BEND, GAP_Y = 6.0, 8.0, 44.0, 7.0
TWO_LINES, ONE_LINE, STUB_LINE = 31.0, 18.0, 15.0
WIDTHS = (1.4, 2.2, 3.4, 5.0)
"""Widths of edges in a trunk, by how many parties come through them."""
STAR = " ★"


@dataclass(frozen=True, eq=False)
class Drawn:
    """A tree in ink: groups at home in a page that begins at 0, 0; how large it is; what it says of itself."""

    groups: tuple[Group, ...]
    width: float
    height: float
    style: str
    words: Labels
    grouping: Grouping
    largest: float


@dataclass(frozen=True, eq=False)
class _Boxes:
    """One row a party or stub. radius: of its mark, 0 for a stub. inset: from the left end of the box to the mark's centre."""

    width: np.ndarray
    height: np.ndarray
    edge: np.ndarray
    radius: np.ndarray
    inset: float


def draw(picture: Picture, shown: Shown, look: Look, lang: str, font: Font) -> Drawn:
    """The tree of the parties shown, with their words."""
    named = shown.nodes[shown.names]
    words = labels(picture, named, lang, font)
    stubs = _stub_words(shown, lang)
    radius, largest = _radii(named, look)
    boxes = _boxes(shown, words, stubs, radius, font)
    style, at = _placed(shown, boxes, look)
    colors = grouping(named, look.color_by, lang)
    groups = [*_edges(shown, at, boxes), *_extras(picture, shown, at, boxes), *_marks(shown, at, boxes, colors, words),
              *_texts(shown, at, boxes, words, stubs, font)]  # fmt: skip
    return Drawn(tuple(groups), at.width, at.height, style, words, colors, largest)


def _stub_words(shown: Shown, lang: str) -> list[str]:
    frame = pl.DataFrame({"hidden": shown.tree.hidden[shown.stubs], "closed": shown.tree.hidden_closed[shown.stubs]})
    if not frame.height:
        return []
    frame = frame.with_columns(hidden=spoken(frame["hidden"], count), closed=spoken(frame["closed"], count))
    return frame.select(Phrases(lang).fill("stub", hidden="hidden", closed="closed")).to_series().to_list()


def _radii(named: pl.DataFrame, look: Look) -> tuple[np.ndarray, float]:
    """Radius of each party's mark, its area in proportion to the amount above a floor; and the greatest amount."""
    if look.size_by == "equal":
        return np.full(named.height, 6.0), 0.0
    amounts = np.maximum(named[look.size_by.replace("-", "_")].to_numpy().astype(np.float64), 0.0)
    largest = float(amounts.max(initial=0.0))
    share = amounts / largest if largest > 0 else amounts
    return np.maximum(LEAST, LARGEST * np.sqrt(share)), largest


def _boxes(shown: Shown, words: Labels, stubs: list[str], radius: np.ndarray, font: Font) -> _Boxes:
    n = len(shown.tree.place)
    inset = float(radius.max(initial=LEAST))
    names = font.widths(words.names, NAME_SIZE) + np.where(_keys(shown), font.widths([STAR], NAME_SIZE)[0], 0.0)
    wide = np.maximum(names, font.widths(words.details, DETAIL_SIZE))
    lines = np.where(np.array([len(d) for d in words.details]) > 0, TWO_LINES, ONE_LINE)
    width, height, edge, marks = np.zeros((4, n))
    width[shown.names] = 2 * inset + SPACE + wide + TRAIL
    height[shown.names] = np.maximum(lines, 2 * radius + 3)
    edges = font.widths(words.edges, EDGE_SIZE)
    edge[shown.names] = np.where(edges > 0, edges + inset - radius + 6, 0.0)
    marks[shown.names] = radius
    width[shown.stubs] = font.widths(stubs, DETAIL_SIZE) + TRAIL
    height[shown.stubs] = STUB_LINE
    return _Boxes(width, height, edge, marks, inset)


def _keys(shown: Shown) -> np.ndarray:
    keys: np.ndarray = shown.nodes["key"].gather(shown.names).fill_null(False).to_numpy()
    return keys


def _placed(shown: Shown, boxes: _Boxes, look: Look) -> tuple[str, Positions]:
    """The style chosen, and where the boxes stand."""
    room = {"gap_x": BEND, "gap_y": GAP_Y, "edge_width": boxes.edge}
    parent, asked = shown.tree.parent, look.style
    if shown.trunk and asked == "auto":
        asked = "trunk"
    if asked == "auto":
        both = choose.TIDY_UP_TO < len(shown.names) <= choose.WHOLE_UP_TO
        heights = [f(parent, boxes.width, boxes.height, **room).height if both else None for f in (tidy, rows)]
        asked = choose.style(len(shown.names), tidy_height=heights[0], rows_height=heights[1])
        asked = "rows" if asked == "trunk" else asked
    place = rows if asked == "rows" else tidy
    return asked, place(parent, boxes.width, boxes.height, **room)


def _edges(shown: Shown, at: Positions, boxes: _Boxes) -> Iterator[Lines]:
    """Edges to stubs, then to open parties, then the red ones, each kind by width."""
    parent = shown.tree.parent
    points = curves(parent, at, boxes.width - TRAIL / 2, bend=BEND)
    into = np.arange(1, len(parent))
    points[:, -1, 0] += np.where(shown.tree.is_stub[into], -4.0, boxes.inset)
    closed = shown.nodes["state"].is_in(CLOSED).to_numpy()[into]
    flow = np.sqrt(shown.nodes["downstream"].to_numpy()[into] / max(int(shown.nodes["downstream"].max() or 1), 1))
    level = np.minimum((flow * len(WIDTHS)).astype(int), len(WIDTHS) - 1) if shown.trunk else np.zeros(len(into), int)
    stub = shown.tree.is_stub[into]
    yield Lines("edge-stub", points[stub], CURVE, palette.STUB_EDGE, 1.0, (3.0, 3.0))
    for name, mask, color in (("edge", ~closed, palette.EDGE), ("edge-closed", closed, palette.CLOSED_EDGE)):
        for k, width in enumerate(WIDTHS):
            yield Lines(name, points[mask & ~stub & (level == k)], CURVE, color, width)


def _extras(picture: Picture, shown: Shown, at: Positions, boxes: _Boxes) -> Iterator[Group]:
    """Further referrers dashed, loops flagged, each with the head of an arrow at the referred party."""
    if not picture.extras.height:
        return
    row = np.full(len(picture), -1, np.int32)
    row[shown.tree.place[shown.names]] = shown.names
    ends = picture.extras.with_columns(
        source=pl.Series(row[picture.extras["source"].to_numpy()]), target=pl.Series(row[picture.extras["target"].to_numpy()])
    ).filter((pl.col("source") >= 0) & (pl.col("target") >= 0))
    for name, cut, color in (("second", False, palette.SECOND), ("loop", True, palette.LOOP)):
        some = ends.filter(pl.col("cut") == cut)
        points = arcs(some["source"].to_numpy(), some["target"].to_numpy(), _at_marks(at, boxes), boxes.width - boxes.inset)
        points[:, 3, 0] -= boxes.radius[some["target"].to_numpy()]
        yield Lines(name, points, ARC, color, 1.3, (5.0, 3.0))
        yield Lines(f"{name}-head", _heads(points), "MLLL", color, 0.8, fill=color)
        if cut:
            middle = (points[:, 0] + 3 * points[:, 1] + 3 * points[:, 2] + points[:, 3]) / 8
            yield Texts("loop-flag", middle[:, 0], middle[:, 1] + 5, ["↺"] * len(middle), 15.0, color, "middle")


def _at_marks(at: Positions, boxes: _Boxes) -> Positions:
    return Positions(at.x + boxes.inset, at.y, at.turn, at.width, at.height)


def _heads(points: np.ndarray) -> np.ndarray:
    """Triangles float64[m, 4, 2] at the ends of arcs, along their last stretch."""
    tip = points[:, 3]
    back = points[:, 2] - tip
    back = back / np.maximum(np.hypot(back[:, 0], back[:, 1]), 1e-9)[:, None]
    side = np.stack((-back[:, 1], back[:, 0]), axis=1)
    return np.stack((tip, tip + 7 * back + 3 * side, tip + 7 * back - 3 * side, tip), axis=1)


def _marks(shown: Shown, at: Positions, boxes: _Boxes, colors: Grouping, words: Labels) -> Iterator[Marks]:
    """One group a state and fill; closed ones last."""
    x, y, r = at.x[shown.names] + boxes.inset, at.y[shown.names], boxes.radius[shown.names]
    state = shown.nodes["state"].gather(shown.names).to_numpy()
    for name in (*(s for s in palette.STATES if s not in CLOSED), *reversed(CLOSED)):
        for fill, mask in colors.fills(name, state == name):
            some = np.flatnonzero(mask)
            if len(some):
                ink = palette.STATES[name]
                yield Marks(f"mark {name}", x[some], y[some], r[some], fill, ink.color, ink.width, ink.shape,
                            [words.titles[k] for k in some], ink.dash)  # fmt: skip


def _texts(shown: Shown, at: Positions, boxes: _Boxes, words: Labels, stubs: list[str], font: Font) -> Iterator[Texts]:
    x = at.x[shown.names] + 2 * boxes.inset + SPACE
    y, end = at.y[shown.names], at.x[shown.names] + boxes.inset - boxes.radius[shown.names] - 4
    details, edges = (np.array([bool(t) for t in texts], bool) for texts in (words.details, words.edges))
    closed = shown.nodes["state"].gather(shown.names).is_in(CLOSED).to_numpy()
    base = y + np.where(details, -2.5, 5.0)

    def some(name: str, mask: np.ndarray, x: np.ndarray, y: np.ndarray, texts: list[str], size: float, color: str,
             anchor: str = "start", titled: bool = False) -> Texts:
        at = np.flatnonzero(mask)
        titles = [words.titles[k] for k in at] if titled else None
        return Texts(name, x[at], y[at], [texts[k] for k in at], size, color, anchor, titles)

    yield some("edge-text", edges, end, y - 4, words.edges, EDGE_SIZE, palette.FAINT, "end")
    yield some("detail", details, x, y + 12, words.details, DETAIL_SIZE, palette.SOFT)
    yield Texts("stub", at.x[shown.stubs], at.y[shown.stubs] + 4, stubs, DETAIL_SIZE, palette.SOFT)
    starred = x + font.widths(words.names, NAME_SIZE)
    yield some("key", _keys(shown), starred, base, [STAR] * len(x), NAME_SIZE, palette.TEXT)
    yield some("name", ~closed, x, base, words.names, NAME_SIZE, palette.TEXT, titled=True)
    yield some("name closed", closed, x, base, words.names, NAME_SIZE, palette.RED, titled=True)
