"""A large tree made small: which parties keep their names, and the stubs that stand for all the others.

Nothing is ever dropped: names kept and parties behind the stubs add up to the parties of the tree.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from refgraph.kernels.arrays import Bool, Int32, Int64, floats
from refgraph.kernels.forest import Layout
from refgraph.layouts.heap import best_first
from refgraph.layouts.positions import preorder


@dataclass(frozen=True, eq=False)
class Folded:
    """A smaller tree in preorder: the parties kept, and as last child of some a stub for other children."""

    place: Int32
    """int32[m]: place in the whole tree; of a stub, that of the party whose children it hides."""
    parent: Int32
    """int32[m]: place of the parent in this tree, -1 for the root."""
    is_stub: Bool
    """bool[m]"""
    hidden: Int64
    """int64[m]: parties that a stub stands for, at least 1; 0 for a party."""
    hidden_closed: Int64
    """int64[m]: how many of them have closed."""


def trunk(parent: Int32, weight: npt.ArrayLike, keep: int, *, among: Bool | None = None) -> Bool:
    """The `keep` parties of greatest weight that hang together from the root, bool[n] by place; O(n log n).

    A walk from the root that always takes the heaviest party next to those it has, at a tie the one of lower
    place. parent: int32[n] in preorder. weight: float64[n], as a rule the value of the party and all below
    it; NaN comes last. keep: at least 0; all are kept when there are fewer. among: bool[n], the parties to
    choose from, if not all (`within_depth`, say); whoever hangs below one left out cannot be reached.

    Raises ValueError when `parent` is not a tree in preorder, arrays differ in length or `keep` is negative.
    """
    tree = preorder(parent)
    n = len(tree.parent)
    if keep < 0:
        raise ValueError("keep is negative")
    place = np.argsort(-floats(weight, n), kind="stable")
    rank = np.empty(n, np.int64)
    rank[place] = np.arange(n)
    return best_first(tree.size, rank, place, _mask(among, n, "among"), keep)


def within_depth(parent: Int32, depth: int) -> Bool:
    """The parties at most `depth` referrals below the root, bool[n] by place; ValueError as `trunk`."""
    if depth < 0:
        raise ValueError("depth is negative")
    return preorder(parent).depth <= depth


def fold(parent: Int32, kept: Bool, closed: Bool | None = None) -> Folded:
    """The tree of the parties `kept`, with one stub below each that has children who are not.

    parent: int32[n] in preorder. kept: bool[n], the root among them, and with each party its parent. closed:
    bool[n], parties with a closed deal, counted apart; none if left out. Both counts are exact; O(n).

    Raises ValueError when `parent` is not a tree in preorder, lengths differ, or `kept` falls apart.
    """
    tree = preorder(parent)
    n = len(tree.parent)
    kept = _mask(kept, n, "kept")
    if not (kept[:1].all() and (kept[tree.parent[1:]] | ~kept[1:]).all()):
        raise ValueError("kept does not hang together from the root")
    done = np.zeros(n, np.bool_) if closed is None else _mask(closed, n, "closed")
    hidden, hidden_closed = _behind(tree, kept, done)
    return _small(tree, kept, hidden, hidden_closed)


def _mask(values: Bool | None, n: int, name: str) -> Bool:
    if values is None:
        return np.ones(n, np.bool_)
    if values.dtype != np.bool_ or values.shape != (n,):
        raise ValueError(f"{name} is {values.dtype}{list(values.shape)}, not bool[{n}]")
    return np.ascontiguousarray(values)


def _behind(tree: Layout, kept: Bool, closed: Bool) -> tuple[Int64, Int64]:
    """By place: parties, and closed ones, below the children that are folded right under it."""
    hidden, hidden_closed = np.zeros((2, len(kept)), np.int64)
    child = np.flatnonzero(~kept)
    child = child[kept[tree.parent[child]]]
    sums = np.concatenate(([0], np.cumsum(closed, dtype=np.int64)))
    np.add.at(hidden, tree.parent[child], tree.size[child])
    np.add.at(hidden_closed, tree.parent[child], sums[child + tree.size[child]] - sums[child])
    return hidden, hidden_closed


def _small(tree: Layout, kept: Bool, hidden: Int64, hidden_closed: Int64) -> Folded:
    """A stub sorts behind the last place of its party's subtree; of several there, the innermost first."""
    names, stubs = np.flatnonzero(kept), np.flatnonzero(hidden)
    place = np.concatenate((names, stubs))
    is_stub = np.arange(len(place)) >= len(names)
    end = np.concatenate((names, stubs + tree.size[stubs] - 1))
    order = np.lexsort((-place, end))
    place, is_stub = place[order], is_stub[order]
    at = np.empty(len(kept), np.int32)
    at[place[~is_stub]] = np.flatnonzero(~is_stub)
    above = np.where(is_stub, place, tree.parent[place])
    return Folded(
        place.astype(np.int32),
        np.where(above < 0, np.int32(-1), at[above]),
        is_stub,
        np.where(is_stub, hidden[place], 0),
        np.where(is_stub, hidden_closed[place], 0),
    )
