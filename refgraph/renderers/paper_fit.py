"""The layout for a paper: the one whose smallest text is largest; too many names are folded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from refgraph.errors import UsageError
from refgraph.model.picture import Picture
from refgraph.renderers.fonts import Font
from refgraph.renderers.labels import DETAIL_SIZE, NAME_SIZE
from refgraph.renderers.outline_scene import draw_outline
from refgraph.renderers.paper import Paper
from refgraph.renderers.radial_scene import draw_radial
from refgraph.renderers.style import PictureStyle
from refgraph.renderers.tree_scene import DrawnTree, TreeDraft, TreePlan, draft_tree, draw_tree
from refgraph.renderers.tree_selection import TreeSelection, select_parties

MAX_ENLARGEMENT, LARGE_ENOUGH = 1.75, 1.3
"""Names are at most so many times as large as the smallest allowed ones; from the second on, a
layout is not preferred for being larger still."""
SMALLEST_SHARE = 6 / 7
"""Second lines are at least this large, as a share of the smallest name: 6 pt beside 7 pt."""
RADIAL_NAMES = (25, 150)
"""From and up to this many names, a tree around its root is tried too."""
MAX_FITTED_NAMES = 600
"""More names than any paper is searched for."""
TIE = 1.03
"""A layout that shows less must be larger by this factor."""
MAX_MORE_X, MAX_MORE_Y = 110.0, 16.0
"""Pixels by which gaps grow at most where a paper has room to spare."""
Room = tuple[float, float]


@dataclass(frozen=True, eq=False, kw_only=True)
class FittedTree:
    """A tree for a paper. scale: from the drawing to pixels. leaves_arcs_out: whether further
    referrals have no line in this layout.
    """

    selection: TreeSelection
    tree: DrawnTree
    scale: float
    leaves_arcs_out: bool = False


@dataclass(frozen=True, eq=False)
class _Candidate:
    """smallest: size of its smallest text, at scale 1. plan: None without arcs. has_details:
    whether names have a second line; names alone are a last resort.
    """

    tree: DrawnTree
    smallest: float
    plan: TreePlan | None = None
    has_details: bool = True


def fit_tree(
    picture: Picture, style: PictureStyle, lang: str, font: Font, paper: Paper, room: Room
) -> FittedTree:
    """As many names as the room takes in texts that are large enough.

    With ``max_names``, at most that many. Raises UsageError ``paper-too-small`` if not even one
    fits.
    """
    most = min(len(picture), style.max_names or MAX_FITTED_NAMES)
    best = _fit_names(picture, style, lang, font, paper, room, most)
    low, high = (0, most) if best is None else (most, most)
    while high - low > 1:
        middle = (low + high) // 2
        found = _fit_names(picture, style, lang, font, paper, room, middle)
        best = found or best
        low, high = (middle, high) if found else (low, middle)
    if best is None:
        raise UsageError("paper-too-small", width=round(paper.width), height=round(paper.height))
    return best


def _fit_names(
    picture: Picture,
    style: PictureStyle,
    lang: str,
    font: Font,
    paper: Paper,
    room: Room,
    names: int,
) -> FittedTree | None:
    """The best layout of that many names; None if no text of it is large enough."""
    selection = select_parties(picture, replace(style, max_names=names))
    draft = draft_tree(picture, selection, style, lang, font)
    best, best_size = None, 0.0
    for candidate in _draw_candidates(draft, room, lang):
        scale = compute_scale(candidate.tree, paper, room)
        if not _is_legible(scale, candidate.smallest * scale, paper):
            continue
        size = min(scale, LARGE_ENOUGH * paper.min_name / NAME_SIZE)
        if best is None or (size > TIE * best_size and candidate.has_details):
            best, best_size = (candidate, scale), size
    if best is None:
        return None
    candidate, scale = best
    tree = candidate.tree
    if candidate.plan is not None:
        tree = _fill_room(draft, candidate, room, scale)
    leaves_out = candidate.plan is None and draft.arcs.height > 0
    return FittedTree(selection=selection, tree=tree, scale=scale, leaves_arcs_out=leaves_out)


def compute_scale(tree: DrawnTree, paper: Paper, room: Room) -> float:
    """How much a drawing is enlarged: until it fills the room or its names are large enough."""
    most = MAX_ENLARGEMENT * paper.min_name / NAME_SIZE
    return min(most, room[0] / max(tree.width, 1.0), room[1] / max(tree.height, 1.0))


def _is_legible(scale: float, smallest: float, paper: Paper) -> bool:
    names = scale * NAME_SIZE >= paper.min_name - 1e-9
    return names and smallest >= SMALLEST_SHARE * paper.min_name - 1e-9


def _draw_candidates(draft: TreeDraft, room: Room, lang: str) -> Iterator[_Candidate]:
    """The layouts that a style allows, the ones that show most first."""
    style = draft.style.style
    if style not in ("outline", "radial"):
        if any(draft.labels.edges):
            yield _draw_candidate(draft, TreePlan())
        yield _draw_candidate(draft, TreePlan(with_edges=False))
    few, many = RADIAL_NAMES
    if style == "radial" or style == "auto" and few <= len(draft.selection.names) <= many:
        yield _Candidate(draw_radial(draft), DETAIL_SIZE)
    if style in ("auto", "outline", "trunk"):
        yield _Candidate(draw_outline(draft, room, lang), DETAIL_SIZE)
        has_stubs = bool(len(draft.selection.stubs))
        tree = draw_outline(draft, room, lang, with_details=False)
        yield _Candidate(tree, DETAIL_SIZE if has_stubs else NAME_SIZE, None, False)


def _draw_candidate(draft: TreeDraft, plan: TreePlan) -> _Candidate:
    return _Candidate(draw_tree(draft, plan), DETAIL_SIZE, plan)


def _fill_room(draft: TreeDraft, candidate: _Candidate, room: Room, scale: float) -> DrawnTree:
    """The tree with wider gaps, so that it fills the room at its scale."""
    tree, plan = candidate.tree, candidate.plan
    assert plan is not None
    generations = int(draft.selection.nodes["depth"].to_numpy().max(initial=0))
    generations -= int(draft.selection.nodes["depth"][0])
    rows = max(len(np.unique(draft.selection.tree.parent)), len(draft.selection.tree.place) // 2)
    more_x = (room[0] / scale - tree.width) / max(generations + 1, 1)
    more_y = (room[1] / scale - tree.height) / max(rows, 1)
    wide = replace(
        plan,
        more_x=float(np.clip(more_x, 0.0, MAX_MORE_X)),
        more_y=float(np.clip(more_y, 0.0, MAX_MORE_Y)),
    )
    larger = draw_tree(draft, wide)
    fits = larger.width * scale <= room[0] and larger.height * scale <= room[1]
    return larger if fits else tree
