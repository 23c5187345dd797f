"""Which parties of a Picture are drawn by name, and what stands for the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.kernels.forest import to_preorder
from refgraph.layouts.style_choice import MAX_WHOLE_NAMES
from refgraph.layouts.trunk import FoldedTree, fold_tree, select_trunk, select_within_depth
from refgraph.model.message import Message, message
from refgraph.model.picture import CLOSED_STATES, Picture
from refgraph.renderers.style import PictureStyle

MAX_TRUNK_NAMES = 45
"""Names of a trunk unless the caller says how many: what a slide can hold."""


@dataclass(frozen=True, eq=False, kw_only=True)
class TreeSelection:
    """The parties to draw, as a smaller tree in which stubs stand for the others.

    nodes: rows of the picture's nodes, one per row of the tree (for a stub, those of the party
    above it). names, stubs: indices of the rows of either kind. counted_by_stub: bool, one per
    name: all its descendants are behind one stub. is_trunk: whether parties were left out by their
    value. notes: what was left out.
    """

    tree: FoldedTree
    nodes: pl.DataFrame
    names: np.ndarray
    stubs: np.ndarray
    counted_by_stub: np.ndarray
    is_trunk: bool
    notes: tuple[Message, ...]


def select_parties(picture: Picture, style: PictureStyle) -> TreeSelection:
    """The rows that a style asks for.

    Parties named and parties behind stubs add up to the parties of the picture.
    """
    parent = picture.nodes["parent"].to_numpy()
    selected = np.ones(len(parent), np.bool_)
    if picture.depth is not None:
        selected = select_within_depth(parent, picture.depth)
    parties = int(selected.sum())
    limit = _limit_names(parties, style)
    is_trunk = limit is not None and limit < parties
    weight = _rank_parties(picture)
    if limit is not None and is_trunk:
        selected = select_trunk(parent, weight, limit, among=selected)
    is_closed = picture.nodes["state"].is_in(CLOSED_STATES).to_numpy()
    tree = fold_tree(parent, selected, is_closed)
    tree = _sort_by_weight(tree, weight) if is_trunk else tree
    return TreeSelection(
        tree=tree,
        nodes=picture.nodes[tree.place],
        names=np.flatnonzero(~tree.is_stub),
        stubs=np.flatnonzero(tree.is_stub),
        counted_by_stub=_find_counted_by_stub(picture, tree),
        is_trunk=is_trunk,
        notes=_build_notes(picture, tree, is_trunk),
    )


def _limit_names(parties: int, style: PictureStyle) -> int | None:
    """Names at most; None = all."""
    if style.max_names is not None:
        return style.max_names
    if style.style == "trunk" or (style.style == "auto" and parties > MAX_WHOLE_NAMES):
        return MAX_TRUNK_NAMES
    return None


def _rank_parties(picture: Picture) -> np.ndarray:
    """float64[n]: rank by the value of the party and its descendants, then by their number."""
    value = (picture.nodes["value"] + picture.nodes["downstream_value"]).to_numpy()
    downstream = picture.nodes["downstream"].to_numpy()
    order = np.lexsort((downstream, value))
    pairs = np.stack((value[order], downstream[order]))
    differs = (pairs[:, 1:] != pairs[:, :-1]).any(axis=0)
    rank = np.empty(len(value))
    rank[order] = np.concatenate(([0], np.cumsum(differs)))
    return rank


def _sort_by_weight(tree: FoldedTree, weight: np.ndarray) -> FoldedTree:
    """The same tree with children in order of their weight, a stub last."""
    descending = np.where(tree.is_stub, np.inf, -weight[tree.place])
    by_weight = np.lexsort((tree.place, descending, tree.is_stub)).astype(np.int32)
    rank = np.empty_like(by_weight)
    rank[by_weight] = np.arange(len(by_weight), dtype=np.int32)
    parent = tree.parent[by_weight]
    preorder = to_preorder(np.where(parent < 0, np.int32(-1), rank[parent]))
    order = by_weight[preorder.order]
    return FoldedTree(
        tree.place[order],
        preorder.parent,
        tree.is_stub[order],
        tree.hidden[order],
        tree.hidden_closed[order],
    )


def _find_counted_by_stub(picture: Picture, tree: FoldedTree) -> np.ndarray:
    """bool, one per name: as many parties are behind its stub as it has descendants."""
    behind = np.zeros(len(tree.place), np.int64)
    np.add.at(behind, tree.parent[tree.is_stub], tree.hidden[tree.is_stub])
    behind = behind[~tree.is_stub]
    descendants = picture.nodes["downstream"].to_numpy()[tree.place[~tree.is_stub]]
    found: np.ndarray = (behind == descendants) & (behind > 0)
    return found


def _build_notes(picture: Picture, tree: FoldedTree, is_trunk: bool) -> tuple[Message, ...]:
    """How many parties are folded into stubs and why, and how many arcs are not shown."""
    notes = []
    stubs = int(tree.is_stub.sum())
    if stubs:
        reason = "trunk" if is_trunk else "depth"
        if is_trunk and picture.depth is not None:
            reason = "both"
        how = message(f"picture.how-{reason}", depth=picture.depth)
        note = message(
            "picture.folded",
            shown=len(tree.place) - stubs,
            parties=len(picture),
            how=how,
            folded=int(tree.hidden.sum()),
            closed=int(tree.hidden_closed.sum()),
            stubs=stubs,
        )
        notes.append(note)
    hidden = _count_hidden_arcs(picture, tree)
    if hidden:
        notes.append(message("picture.hidden-arcs", referrals=hidden))
    return tuple(notes)


def _count_hidden_arcs(picture: Picture, tree: FoldedTree) -> int:
    """Further arcs of which an end is behind a stub."""
    is_named = np.full(len(picture), False)
    is_named[tree.place[~tree.is_stub]] = True
    ends = picture.extras.select("source", "target").to_numpy()
    return int((~is_named[ends].all(axis=1)).sum()) if len(ends) else 0
