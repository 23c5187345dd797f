"""Which parties of a Picture are drawn by name, and what stands for the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.kernels.forest import layout
from refgraph.layouts.choose import WHOLE_UP_TO
from refgraph.layouts.trunk import Folded, fold, trunk, within_depth
from refgraph.model.message import Message, message
from refgraph.model.picture import CLOSED, Picture
from refgraph.renderers.look import Look

TRUNK_NAMES = 45
"""Names of a trunk unless the person says how many: what a slide can hold."""


@dataclass(frozen=True, eq=False)
class Shown:
    """tree: the smaller tree with its stubs. nodes: rows of the picture's nodes, one a row of the tree (of a stub, those of
    the party above it). names, stubs: rows of either kind. told: bool, one a name: all below it stand behind one stub.
    trunk: whether parties were left out by their value. notes: what was left out."""

    tree: Folded
    nodes: pl.DataFrame
    names: np.ndarray
    stubs: np.ndarray
    told: np.ndarray
    trunk: bool
    notes: tuple[Message, ...]


def shown(picture: Picture, look: Look) -> Shown:
    """The rows that a look asks for; parties named and parties behind stubs add up to the parties of the picture."""
    parent = picture.nodes["parent"].to_numpy()
    within = np.ones(len(parent), np.bool_) if picture.depth is None else within_depth(parent, picture.depth)
    keep = _keep(int(within.sum()), look)
    cut = keep is not None and keep < int(within.sum())
    weight = _weight(picture)
    kept = trunk(parent, weight, keep or 0, among=within) if cut else within
    closed = picture.nodes["state"].is_in(CLOSED).to_numpy()
    tree = fold(parent, kept, closed)
    tree = _greatest_first(tree, weight) if cut else tree
    names, stubs = np.flatnonzero(~tree.is_stub), np.flatnonzero(tree.is_stub)
    below = np.zeros(len(tree.place), np.int64)
    np.add.at(below, tree.parent[stubs], tree.hidden[stubs])
    told = below[names] == picture.nodes["downstream"].to_numpy()[tree.place[names]]
    return Shown(tree, picture.nodes[tree.place], names, stubs, told & (below[names] > 0), cut,
                 _notes(picture, tree, cut, len(names), len(stubs)))  # fmt: skip


def _greatest_first(tree: Folded, weight: np.ndarray) -> Folded:
    """The same tree with children in order of their weight, a stub last."""
    turn = np.lexsort((tree.place, np.where(tree.is_stub, np.inf, -weight[tree.place]), tree.is_stub)).astype(np.int32)
    rank = np.empty_like(turn)
    rank[turn] = np.arange(len(turn), dtype=np.int32)
    above = tree.parent[turn]
    laid = layout(np.where(above < 0, np.int32(-1), rank[above]))
    old = turn[laid.order]
    return Folded(tree.place[old], laid.parent, tree.is_stub[old], tree.hidden[old], tree.hidden_closed[old])


def _keep(n: int, look: Look) -> int | None:
    """Names at most; None = all."""
    if look.max_names is not None:
        return look.max_names
    if look.style == "trunk" or (look.style == "auto" and n > WHOLE_UP_TO):
        return TRUNK_NAMES
    return None


def _weight(picture: Picture) -> np.ndarray:
    """float64[n]: rank by value of the party and all below it, then by how many these are."""
    worth = (picture.nodes["value"] + picture.nodes["downstream_value"]).to_numpy()
    order = np.lexsort((picture.nodes["downstream"].to_numpy(), worth))
    pairs = np.stack((worth[order], picture.nodes["downstream"].to_numpy()[order]))
    rank = np.empty(len(worth))
    rank[order] = np.concatenate(([0], np.cumsum((pairs[:, 1:] != pairs[:, :-1]).any(axis=0))))
    return rank


def _notes(picture: Picture, tree: Folded, cut: bool, names: int, stubs: int) -> tuple[Message, ...]:
    found: list[Message] = []
    if stubs:
        kind = "both" if cut and picture.depth is not None else "trunk" if cut else "depth"
        how = message(f"picture.how-{kind}", depth=picture.depth)
        found.append(message("picture.folded", shown=names, parties=len(picture), how=how, folded=int(tree.hidden.sum()),
                             closed=int(tree.hidden_closed.sum()), stubs=stubs))  # fmt: skip
    ends = np.full(len(picture), False)
    ends[tree.place[~tree.is_stub]] = True
    extras = picture.extras.select("source", "target").to_numpy()
    hidden = int((~ends[extras].all(axis=1)).sum()) if len(extras) else 0
    if hidden:
        found.append(message("picture.hidden-arcs", referrals=hidden))
    return tuple(found)
