"""An icicle: a column per generation, each party as high as it and all below it.

The children of a party stand beside it: the largest first, of equal ones those with most closed.
Parties lower than a pixel are merged with their siblings, and what is below them with each other,
so that everything keeps its place.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.kernels.arrays import Bool, Float64, Int32, Int64
from refgraph.kernels.compilation import kernel

MIN_HEIGHT = 1.0
"""Pixels below which a party is merged with its siblings."""
MIN_COLUMN_SHARE = 0.08
"""Share of a column that its cells fill together if it is worth its width."""
FREE_COLUMNS = 6
"""Columns that are drawn however little is in them."""
NO_LUMP = -1


@dataclass(frozen=True, eq=False, kw_only=True)
class Icicle:
    """Cells of parties and cells of merged parties; lengths in pixels.

    place: int32[m], the party of each cell of one. column, top, height, closed_share: of these.
    merged_column, merged_top, merged_height, merged_share: of the cells of several, or of one that
    is too low. closed_share: of the parties of a cell and all below them. merged_parties,
    merged_closed: these parties where siblings are merged, 0 in what is merged below them.
    merged: parties in the latter cells. folded: parties of generations after the last column.
    columns: how many are drawn.
    """

    place: Int32
    column: Int32
    top: Float64
    height: Float64
    closed_share: Float64
    merged_column: Int32
    merged_top: Float64
    merged_height: Float64
    merged_share: Float64
    merged_parties: Int64
    merged_closed: Int64
    merged: int
    folded: int
    columns: int


def lay_out_icicle(
    parent: Int32,
    size: Int64,
    weight: Float64,
    is_closed: Bool,
    height: float,
    max_columns: int,
) -> Icicle:
    """The icicle of a forest in preorder: parent int32[n], -1 for a root; size int64[n], subtrees.

    weight: float64[n], of each party alone, 0 or more; the cells of a column are in proportion to
    the sums of subtrees, and those of the roots fill `height` pixels. Parties of cells, merged and
    folded ones add up to all.

    Raises ValueError when lengths differ, nothing has a weight, or `height` or `max_columns` is 0.
    """
    n = len(parent)
    _check_arrays(n, size, weight, is_closed)
    if height <= 0 or max_columns < 1:
        raise ValueError("there is no room")
    own = weight * (height / float(weight.sum()))
    total = np.maximum(_sum_subtrees(own, size), own)
    is_small = total < MIN_HEIGHT
    top, lump, depth = np.zeros(n), np.full(n, NO_LUMP, np.int32), np.zeros(n, np.int32)
    closed = _sum_subtrees(is_closed.astype(np.float64), size)
    _walk_down(parent, _stack_siblings(parent, total, closed), is_small, top, lump, depth)
    lumps = _merge_small(is_small, lump, depth, own, is_closed, top)
    columns = min(_count_columns(depth, total * ~is_small, lumps, height), max_columns)
    shown = np.flatnonzero(~is_small & (depth < columns))
    lumps = lumps.filter(pl.col("depth") < columns)
    return Icicle(
        place=shown.astype(np.int32),
        column=depth[shown],
        top=top[shown],
        height=total[shown],
        closed_share=closed[shown] / size[shown],
        merged_column=lumps["depth"].to_numpy(),
        merged_top=lumps["top"].to_numpy(),
        merged_height=lumps["height"].to_numpy(),
        merged_share=lumps["share"].to_numpy(),
        merged_parties=lumps["parties"].to_numpy(),
        merged_closed=lumps["parties_closed"].to_numpy(),
        merged=int((is_small & (depth < columns)).sum()),
        folded=int((depth >= columns).sum()),
        columns=columns,
    )


def _check_arrays(n: int, size: Int64, weight: Float64, is_closed: Bool) -> None:
    if not (size.shape == weight.shape == is_closed.shape == (n,)):
        raise ValueError("parent, size, weight and is_closed differ in length")
    if not (weight >= 0).all() or not weight.sum() > 0:
        raise ValueError("weights are negative or all 0")


def _count_columns(depth: Int32, heights: Float64, lumps: pl.DataFrame, height: float) -> int:
    """How many generations are worth a column."""
    filled = np.bincount(depth, heights, 1 + int(depth.max()))
    filled += np.bincount(lumps["depth"], lumps["height"], len(filled))
    worth = 1 + int(np.flatnonzero(filled >= MIN_COLUMN_SHARE * height).max())
    return max(worth, min(len(filled), FREE_COLUMNS))


def _sum_subtrees(own: Float64, size: Int64) -> Float64:
    sums = np.concatenate(([0.0], np.cumsum(own)))
    place = np.arange(len(own))
    total: Float64 = sums[place + size] - sums[place]
    return total


def _stack_siblings(parent: Int32, total: Float64, closed: Float64) -> Float64:
    """float64[n]: how far each party begins below its parent, the largest sibling first.

    Of equal ones, those with more that closed come first.
    """
    order = np.lexsort((np.arange(len(parent)), -closed, -total, parent))
    sums = np.cumsum(total[order]) - total[order]
    is_first = np.diff(parent[order], prepend=-2) != 0
    start = np.maximum.accumulate(np.where(is_first, np.arange(len(order)), 0))
    offset = np.empty(len(parent))
    offset[order] = sums - sums[start]
    return offset


@kernel(steps=lambda parent, offset, is_small, top, lump, depth: 3 * len(parent))
def _walk_down(
    parent: Int32, offset: Float64, is_small: Bool, top: Float64, lump: Int32, depth: Int32
) -> None:
    """By place: the top, the lump of small parties, and the generation.

    Small siblings and all below them are one lump, known by the place of their parent plus 1.
    """
    for v in range(len(parent)):
        p = int(parent[v])
        top[v] = offset[v]
        if p >= 0:
            top[v] += top[p]
            depth[v] = int(depth[p]) + 1
        if is_small[v]:
            lump[v] = lump[p] if p >= 0 and is_small[p] else p + 1


def _merge_small(
    is_small: Bool, lump: Int32, depth: Int32, height: Float64, is_closed: Bool, top: Float64
) -> pl.DataFrame:
    """One row per lump and generation: depth, top, height and share of closed ones."""
    small: Int64 = np.flatnonzero(is_small)
    parties = pl.DataFrame(
        {
            "lump": lump[small],
            "depth": depth[small],
            "height": height[small],
            "closed": is_closed[small].astype(np.int64),
            "top": top[small],
        }
    )
    by_generation = (
        parties.group_by("lump", "depth")
        .agg(pl.len().alias("n"), pl.col("height", "closed").sum(), pl.col("top").min())
        .sort("lump", "depth")
    )
    below = pl.col("height", "closed", "n").cum_sum(reverse=True).over("lump")
    is_first = pl.col("depth") == pl.col("depth").min().over("lump")
    return by_generation.with_columns(below, pl.col("top").min().over("lump")).select(
        "depth",
        "top",
        "height",
        share=pl.col("closed") / pl.col("n"),
        parties=pl.when(is_first).then("n").otherwise(0).cast(pl.Int64),
        parties_closed=pl.when(is_first).then("closed").otherwise(0),
    )
