"""A large tree made small: which parties are named, and the stubs that stand for all others.

Nothing is dropped: named parties and parties behind stubs add up to the parties of the tree.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from refgraph.kernels.arrays import Bool, Int32, Int64, to_floats
from refgraph.kernels.forest import Preorder
from refgraph.layouts.heap import select_best_first
from refgraph.layouts.positions import check_preorder


@dataclass(frozen=True, eq=False)
class FoldedTree:
    """A smaller tree in preorder: the named parties, and stubs for their other children.

    A party has at most one stub, as its last child.
    """

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


def select_trunk(
    parent: Int32, weight: npt.ArrayLike, keep: int, *, among: Bool | None = None
) -> Bool:
    """The `keep` parties of greatest weight that are connected to the root: bool[n] by place.

    A walk from the root that always takes the heaviest neighbor of the parties that it has; of
    equal ones the one of lower place. O(n log n). parent: int32[n] in preorder. weight: float64[n],
    usually the value of the party and of all below it; NaN comes last. keep: at least 0; all are
    selected when there are fewer. among: bool[n], the parties to choose from (for example
    `select_within_depth`), None = all; parties below an excluded one cannot be reached.

    Raises ValueError when `parent` is not a tree in preorder, arrays differ in length or `keep` is
    negative.
    """
    tree = check_preorder(parent)
    n = len(tree.parent)
    if keep < 0:
        raise ValueError("keep is negative")
    place = np.argsort(-to_floats(weight, n), kind="stable")
    rank = np.empty(n, np.int64)
    rank[place] = np.arange(n)
    return select_best_first(tree.size, rank, place, _check_mask(among, n, "among"), keep)


def select_within_depth(parent: Int32, depth: int) -> Bool:
    """The parties at most `depth` referrals below the root: bool[n] by place.

    Raises ValueError when `parent` is not a tree in preorder or `depth` is negative.
    """
    if depth < 0:
        raise ValueError("depth is negative")
    return check_preorder(parent).depth <= depth


def fold_tree(parent: Int32, is_named: Bool, closed: Bool | None = None) -> FoldedTree:
    """The tree of the named parties, with one stub below each party that has other children.

    parent: int32[n] in preorder. is_named: bool[n]; it holds the root, and the parent of each named
    party. closed: bool[n], parties with a closed deal, whose number stubs give as well; None = no
    party. Counts are exact; O(n).

    Raises ValueError when `parent` is not a tree in preorder, lengths differ, or the named parties
    are not connected to the root.
    """
    tree = check_preorder(parent)
    n = len(tree.parent)
    is_named = _check_mask(is_named, n, "is_named")
    has_named_parent = is_named[tree.parent[1:]]
    if not (is_named[:1].all() and (has_named_parent | ~is_named[1:]).all()):
        raise ValueError("the named parties are not connected to the root")
    is_closed = np.zeros(n, np.bool_) if closed is None else _check_mask(closed, n, "closed")
    hidden, hidden_closed = _count_hidden(tree, is_named, is_closed)
    return _build_folded_tree(tree, is_named, hidden, hidden_closed)


def _check_mask(values: Bool | None, n: int, name: str) -> Bool:
    if values is None:
        return np.ones(n, np.bool_)
    if values.dtype != np.bool_ or values.shape != (n,):
        raise ValueError(f"{name} is {values.dtype}{list(values.shape)}, not bool[{n}]")
    return np.ascontiguousarray(values)


def _count_hidden(tree: Preorder, is_named: Bool, closed: Bool) -> tuple[Int64, Int64]:
    """By place: parties in the folded subtrees right below it, and how many of them closed."""
    hidden, hidden_closed = np.zeros((2, len(is_named)), np.int64)
    child = np.flatnonzero(~is_named)
    child = child[is_named[tree.parent[child]]]
    sums = np.concatenate(([0], np.cumsum(closed, dtype=np.int64)))
    np.add.at(hidden, tree.parent[child], tree.size[child])
    closed_in_subtree = sums[child + tree.size[child]] - sums[child]
    np.add.at(hidden_closed, tree.parent[child], closed_in_subtree)
    return hidden, hidden_closed


def _build_folded_tree(
    tree: Preorder, is_named: Bool, hidden: Int64, hidden_closed: Int64
) -> FoldedTree:
    """The named parties and stubs in preorder.

    A stub comes after the last place of its party's subtree; of several there the innermost first.
    """
    names, stubs = np.flatnonzero(is_named), np.flatnonzero(hidden)
    place = np.concatenate((names, stubs))
    is_stub = np.arange(len(place)) >= len(names)
    end = np.concatenate((names, stubs + tree.size[stubs] - 1))
    order = np.lexsort((-place, end))
    place, is_stub = place[order], is_stub[order]
    new_place = np.empty(len(is_named), np.int32)
    new_place[place[~is_stub]] = np.flatnonzero(~is_stub)
    above = np.where(is_stub, place, tree.parent[place])
    parent = np.where(above < 0, np.int32(-1), new_place[above])
    return FoldedTree(
        place.astype(np.int32),
        parent,
        is_stub,
        np.where(is_stub, hidden[place], 0),
        np.where(is_stub, hidden_closed[place], 0),
    )
