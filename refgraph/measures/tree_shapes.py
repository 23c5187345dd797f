"""Shapes of trees. ``starts``: preorder indexes of the roots of trees of two or more parties."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.kernels import passes
from refgraph.model.graph import Floats, Forest, Graph, Longs

MAX_SHAPE = 1_000
"""A shape lists the children of at most this many parties."""
_LIMB = 32
"""Bits per limb of a sum that may exceed int64."""


def compute_virality(forest: Forest, starts: Longs) -> Floats:
    """M33, structural virality: mean distance between two members of a tree, in referrals.

    2/(n(n-1)) times the sum over edges of s(n - s), s = size of the subtree below the edge (Goel et
    al., Management Science 62(1), 2016). The sum of a chain of ten million exceeds int64, so it is
    kept in two limbs of 32 bits; the result is the nearest float64.
    Star of 30: 29/15; chain of 30: 31/3; binary tree of 31: 768/155.
    """
    if not len(starts):
        return np.empty(0)
    roots = np.flatnonzero(forest.preorder_parent < 0)
    tree_size = forest.size[passes.find_roots(forest.preorder_parent)].astype(np.int64)
    pairs = forest.size * (tree_size - forest.size)
    tree = np.searchsorted(roots, starts)
    low = np.add.reduceat(pairs & (2**_LIMB - 1), roots)[tree]
    high = np.add.reduceat(pairs >> _LIMB, roots)[tree]
    return _divide_exactly(high, low, forest.size[starts].astype(np.int64))


def _divide_exactly(high: Longs, low: Longs, members: Longs) -> Floats:
    """2 (high 2^32 + low) / (members (members - 1)), rounded once.

    In Python integers where float64 cannot hold the sum.
    """
    ordered_pairs = (members * (members - 1)).astype(np.float64)
    mean = 2.0 * (high * 2.0**_LIMB + low) / ordered_pairs
    is_inexact = (high >> 20 > 0) | (low >> 52 > 0) | (members >> 26 > 0)
    for k in np.flatnonzero(is_inexact).tolist():
        n = int(members[k])
        total = (int(high[k]) << _LIMB) + int(low[k])
        mean[k] = 2 * total / (n * (n - 1))
    return np.asarray(mean, np.float64)


def describe_shapes(graph: Graph) -> pl.Series:
    """The shape of each tree of two or more parties, in order of their roots.

    Children of each of its first `MAX_SHAPE` parties, generation by generation, separated by
    spaces; a star behind each customer: ``2* 0 1* 0*``.
    """
    forest = graph.forest
    roots = np.flatnonzero((forest.preorder_parent < 0) & (forest.size > 1))
    tree = passes.find_roots(forest.preorder_parent)
    children = np.bincount(forest.preorder_parent + 1, minlength=len(forest.order) + 1)[1:]
    order = np.lexsort((np.arange(len(tree)), forest.depth, tree))
    mark = pl.when(pl.col("customer")).then(pl.lit("*")).otherwise(pl.lit(""))
    parties = pl.DataFrame(
        {
            "tree": tree[order],
            "children": children[order],
            "customer": graph.customers[forest.order][order],
        }
    )
    texts = parties.group_by("tree", maintain_order=True).agg(
        pl.concat_str(pl.col("children").cast(pl.String), mark).head(MAX_SHAPE).str.join(" ")
    )
    wanted = pl.DataFrame({"tree": roots.astype(np.int32)})
    return wanted.join(texts, on="tree", how="left", maintain_order="left")["children"]
