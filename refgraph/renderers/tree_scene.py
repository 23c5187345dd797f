"""PICTURE + LOOK -> SCENE: a left-to-right tree with room for every word, measured with the font that draws it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.layouts.edges import ARC, CURVE, arcs
from refgraph.layouts.positions import Positions
from refgraph.model.picture import CLOSED, Picture
from refgraph.renderers import palette
from refgraph.renderers.fonts import Font
from refgraph.renderers.grouping import Grouping, grouping
from refgraph.renderers.labels import DETAIL_SIZE, EDGE_SIZE, NAME_SIZE, Labels, Phrases, labels, spoken
from refgraph.renderers.look import Look
from refgraph.renderers.scene import Floats, Group, Lines, Marks, Texts
from refgraph.renderers.shown import Shown
from refgraph.renderers.tree_boxes import HEAD, SPACE, STAR, STAR_SPACE, Boxes, boxes, keys, placed
from refgraph.texts.numbers import count

WIDTHS = (1.4, 2.2, 3.4, 5.0)
"""Widths of edges in a trunk, by how many parties come through them."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """A tree in ink: its groups on a page that begins at 0, 0; how large it is; what a legend and a caption need."""

    groups: tuple[Group, ...]
    width: float
    height: float
    style: str
    words: Labels
    grouping: Grouping
    largest: float


def draw(picture: Picture, shown: Shown, look: Look, lang: str, font: Font) -> Drawn:
    """The tree of the parties shown, with their words."""
    named = shown.nodes[shown.names]
    words = labels(picture, named, shown.told, lang, font, edges=not shown.trunk)
    stubs = _stub_words(shown, lang)
    ends = _ends(picture, shown)
    arrows = np.isin(np.arange(len(shown.tree.place)), ends["target"].to_numpy())
    room = boxes(shown, words, stubs, look, font, arrows)
    style, at, edges = placed(shown, room, look)
    colors = grouping(named, look.color_by, lang)
    groups = [*_edges(shown, edges), *_extras(ends, at, room), *_marks(shown, at, room, colors, words),
              *_texts(shown, at, room, words, stubs, font, arrows)]  # fmt: skip
    return Drawn(tuple(groups), at.width, at.height, style, words, colors, room.largest)


def _stub_words(shown: Shown, lang: str) -> list[str]:
    frame = pl.DataFrame({"hidden": shown.tree.hidden[shown.stubs], "closed": shown.tree.hidden_closed[shown.stubs]})
    if not frame.height:
        return []
    frame = frame.with_columns(hidden=spoken(frame["hidden"], count), closed=spoken(frame["closed"], count))
    return frame.select(Phrases(lang).fill("stub", hidden="hidden", closed="closed")).to_series().to_list()


def _ends(picture: Picture, shown: Shown) -> pl.DataFrame:
    """The further arcs both of whose ends are shown: source, target (rows of the tree), cut."""
    row = np.full(len(picture), -1, np.int32)
    row[shown.tree.place[shown.names]] = shown.names
    return picture.extras.select(
        source=pl.Series(row[picture.extras["source"].to_numpy()]), target=pl.Series(row[picture.extras["target"].to_numpy()]),
        cut="cut").filter((pl.col("source") >= 0) & (pl.col("target") >= 0))


def _edges(shown: Shown, points: Floats) -> Iterator[Lines]:
    """Edges to stubs, then to open parties, then the red ones, each kind by width."""
    into = np.arange(1, len(shown.tree.parent))
    closed = shown.nodes["state"].is_in(CLOSED).to_numpy()[into]
    flow = np.sqrt(shown.nodes["downstream"].to_numpy()[into] / max(int(shown.nodes["downstream"].to_numpy().max()), 1))
    level = np.minimum((flow * len(WIDTHS)).astype(int), len(WIDTHS) - 1) if shown.trunk else np.zeros(len(into), int)
    stub = shown.tree.is_stub[into]
    yield Lines("edge-stub", points[stub], CURVE, palette.STUB_EDGE, 1.0, (3.0, 3.0))
    for name, mask, color in (("edge", ~closed, palette.EDGE), ("edge closed", closed, palette.CLOSED_EDGE)):
        for k, width in enumerate(WIDTHS):
            yield Lines(name, points[mask & ~stub & (level == k)], CURVE, color, width)


def _extras(ends: pl.DataFrame, at: Positions, room: Boxes) -> Iterator[Group]:
    """Further referrers dashed, loops flagged, each with the head of an arrow at the referred party."""
    marks = Positions(at.x + room.inset, at.y, at.turn, at.width, at.height)
    for name, cut, color in (("second", False, palette.SECOND), ("loop", True, palette.LOOP)):
        some = ends.filter(pl.col("cut") == cut)
        if not some.height:
            continue
        points = arcs(some["source"].to_numpy(), some["target"].to_numpy(), marks, room.width - room.inset)
        points[:, 3, 0] -= room.radius[some["target"].to_numpy()]
        yield Lines(name, points, ARC, color, 1.3, (5.0, 3.0))
        yield Lines(f"{name}-head", _heads(points), "MLLL", color, 0.8, fill=color)
        if cut:
            middle = (points[:, 0] + 3 * points[:, 1] + 3 * points[:, 2] + points[:, 3]) / 8
            yield Texts("loop-flag", middle[:, 0], middle[:, 1] + 5, ["↺"] * len(middle), 15.0, color, "middle")


def _heads(points: np.ndarray) -> np.ndarray:
    """Triangles float64[m, 4, 2] at the ends of arcs, along their last stretch."""
    tip = points[:, 3]
    back = points[:, 2] - tip
    back = back / np.maximum(np.hypot(back[:, 0], back[:, 1]), 1e-9)[:, None]
    side = np.stack((-back[:, 1], back[:, 0]), axis=1)
    return np.stack((tip, tip + 7 * back + 3 * side, tip + 7 * back - 3 * side, tip), axis=1)


def _marks(shown: Shown, at: Positions, room: Boxes, colors: Grouping, words: Labels) -> Iterator[Marks]:
    """One group a state and fill; closed ones last."""
    x, y, r = at.x[shown.names] + room.inset, at.y[shown.names], room.radius[shown.names]
    state = shown.nodes["state"].gather(shown.names).to_numpy()
    for name in (*(s for s in palette.STATES if s not in CLOSED), *reversed(CLOSED)):
        for fill, mask in colors.fills(name, state == name):
            some = np.flatnonzero(mask)
            if len(some):
                ink = palette.STATES[name]
                yield Marks(f"mark {name}", x[some], y[some], r[some], fill, ink.color, ink.width, ink.shape,
                            [words.titles[k] for k in some], ink.dash)  # fmt: skip


def _texts(shown: Shown, at: Positions, room: Boxes, words: Labels, stubs: list[str], font: Font,
           arrows: np.ndarray) -> Iterator[Texts]:
    x, y = at.x[shown.names] + 2 * room.inset + SPACE, at.y[shown.names]
    end = at.x[shown.names] + room.inset - room.radius[shown.names] - 4 - HEAD * arrows[shown.names]
    details, edges = (np.array([bool(t) for t in texts], bool) for texts in (words.details, words.edges))
    closed = shown.nodes["state"].gather(shown.names).is_in(CLOSED).to_numpy()
    base = y + np.where(details, -2.5, 5.0)

    def some(name: str, mask: np.ndarray, x: np.ndarray, y: np.ndarray, texts: list[str], size: float, color: str,
             anchor: str = "start", titled: bool = False) -> Texts:
        rows = np.flatnonzero(mask)
        titles = [words.titles[k] for k in rows] if titled else None
        return Texts(name, x[rows], y[rows], [texts[k] for k in rows], size, color, anchor, titles)

    yield some("edge-text", edges, end, y - 4, words.edges, EDGE_SIZE, palette.FAINT, "end")
    yield some("detail", details, x, y + 12, words.details, DETAIL_SIZE, palette.SOFT)
    yield Texts("stub", at.x[shown.stubs], at.y[shown.stubs] + 4, stubs, DETAIL_SIZE, palette.SOFT)
    starred = x + font.widths(words.names, NAME_SIZE) + STAR_SPACE
    yield some("key", keys(shown), starred, base, [STAR] * len(x), NAME_SIZE, palette.TEXT)
    yield some("name", ~closed, x, base, words.names, NAME_SIZE, palette.TEXT, titled=True)
    yield some("name closed", closed, x, base, words.names, NAME_SIZE, palette.RED, titled=True)
