"""The shape of trees: virality, dandelion, width, depth. ``starts`` are places of roots with trees of two or more."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.model.graph import Floats, Forest, Longs


def virality(forest: Forest, starts: Longs) -> Floats:
    """M33: 2/(n(n-1)) times the sum over edges of s(n - s), s = size of the subtree under the edge; in referrals.

    The mean distance between two members (Goel et al., Management Science 62(1), 2016). The sum of a chain of ten million
    passes int64: it is kept in two limbs of 32 bits, and the mean is the nearest float64 there is.
    Star of 30: 29/15; path of 30: 31/3; binary tree of 31: 768/155.
    """
    if not len(starts):
        return np.empty(0)
    roots = _bounds(forest)
    n = np.repeat(forest.size[roots], forest.size[roots]).astype(np.int64)
    pairs = forest.size * (n - forest.size)
    at = np.searchsorted(roots, starts)
    low, high = (np.add.reduceat(part, roots)[at] for part in (pairs & 0xFFFFFFFF, pairs >> 32))
    return _ratios(high, low, forest.size[starts].astype(np.int64))


def _ratios(high: Longs, low: Longs, members: Longs) -> Floats:
    """2 (high 2^32 + low) / (members (members - 1)), rounded once: in whole numbers where float64 does not hold the sum."""
    mean = 2.0 * (high * 2.0**32 + low) / (members * (members - 1)).astype(np.float64)
    for k in np.flatnonzero((high >> 20 > 0) | (low >> 52 > 0) | (members >> 26 > 0)).tolist():
        n = int(members[k])
        mean[k] = 2 * ((int(high[k]) << 32) + int(low[k])) / (n * (n - 1))
    return np.asarray(mean, np.float64)


def dandelions(forest: Forest, starts: Longs) -> Floats:
    """M36: the largest share of a tree's referrals that one party made."""
    if not len(starts):
        return np.empty(0)
    children = np.bincount(forest.place_parent + 1, minlength=len(forest.order) + 1)[1:]
    most = np.maximum.reduceat(children, _bounds(forest))[np.searchsorted(_bounds(forest), starts)]
    return np.asarray(most / (forest.size[starts] - 1.0), np.float64)


def mean_depths(forest: Forest, starts: Longs) -> Floats:
    """Mean number of referrals from the root, over the members below it."""
    if not len(starts):
        return np.empty(0)
    total = np.add.reduceat(forest.depth.astype(np.int64), _bounds(forest))[np.searchsorted(_bounds(forest), starts)]
    return np.asarray(total / (forest.size[starts] - 1.0), np.float64)


def widest(forest: Forest, starts: Longs) -> pl.Series:
    """Members of the widest generation."""
    tree = np.repeat(_bounds(forest), forest.size[_bounds(forest)])
    each = pl.DataFrame({"tree": tree, "depth": forest.depth}).group_by("tree", "depth").len().group_by("tree").agg(
        pl.col("len").max().cast(pl.Int64))
    return pl.DataFrame({"tree": starts}).join(each, on="tree", how="left", maintain_order="left")["len"]


def _bounds(forest: Forest) -> Longs:
    return np.flatnonzero(forest.place_parent < 0)
