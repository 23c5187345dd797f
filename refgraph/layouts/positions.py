"""What a layout returns, and the grid on which it is computed.

All arithmetic uses whole 64ths of a pixel, so it is exact: equal subtrees get equal positions, the
mirrored tree gives the mirrored picture, and every machine gives the same bytes.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from refgraph.kernels.arrays import Float64, Int32, Int64, check_indices
from refgraph.kernels.compilation import kernel
from refgraph.kernels.forest import Preorder

UNITS_PER_PIXEL = 64
"""Units per pixel."""

MAX_TOTAL_PIXELS = 2.0**33
"""Pixels that all boxes and gaps may add up to in one direction; keeps every sum inside int64."""


@dataclass(frozen=True, eq=False)
class Positions:
    """Positions of the boxes (node and label) of a tree: pixels, multiples of 1/128, >= 0."""

    x: Float64
    """float64[n]: left end of each box."""
    y: Float64
    """float64[n]: center line of each box."""
    bend_start: Float64
    """float64[n]: where edges to the children may leave the center line: right of the column."""
    width: float
    """Right end of the rightmost box."""
    height: float
    """Lower end of the lowest box; the highest begins at 0."""


def check_preorder(parent: Int32) -> Preorder:
    """Sizes and depths of the tree `parent` (int32[n] by place).

    Raises ValueError unless it is one tree (or nothing) in preorder.
    """
    parent = check_indices(parent, "parent")
    place = np.arange(len(parent), dtype=np.int32)
    size, depth = np.ones_like(place), np.zeros_like(place)
    next_place = place + np.int32(1)
    if not _has_parents_first(parent):
        raise ValueError("parent is not one tree in preorder")
    if not _fill_sizes_and_depths(parent, size, depth, next_place):
        raise ValueError("parent is not one tree in preorder")
    return Preorder(place, parent, size, depth)


def _has_parents_first(parent: Int32) -> bool:
    """Whether the first place is the only root and every other party follows its parent."""
    if not len(parent):
        return True
    others = parent[1:]
    place = np.arange(1, len(parent))
    return bool(parent[0] == -1 and ((others >= 0) & (others < place)).all())


@kernel(steps=lambda parent, size, depth, free: 4 * len(parent))
def _fill_sizes_and_depths(parent: Int32, size: Int32, depth: Int32, free: Int32) -> bool:
    """Fill in `size` (ones before) and `depth`; whether the tree is in preorder.

    parent: parents before children. free: the place after each party, where its next child must be.
    """
    for v in range(len(parent) - 1, 0, -1):
        size[parent[v]] += size[v]
    for v in range(1, len(parent)):
        p = int(parent[v])
        if free[p] != v:
            return False
        free[p] += size[v]
        depth[v] = depth[p] + 1
    return True


def to_units(pixels: npt.ArrayLike, n: int, name: str, per_pixel: int = UNITS_PER_PIXEL) -> Int64:
    """Lengths in pixels, one number or float64[n], as int64[n] in units, rounded up.

    Raises ValueError when one is negative, not finite or there are not n, or when all add up to
    2**33 pixels.
    """
    values = np.asarray(pixels, np.float64)
    if values.shape not in ((), (n,)):
        raise ValueError(f"{name} has the shape {values.shape}, not ({n},)")
    values = np.broadcast_to(values, (n,))
    if not bool((values >= 0).all()) or not float(values.sum()) < MAX_TOTAL_PIXELS:
        raise ValueError(f"{name} holds a length that is negative, not finite or too large")
    return np.ceil(values * per_pixel).astype(np.int64)


def to_gap_units(pixels: float, n: int, name: str) -> int:
    """One gap in units, at least one; raises ValueError as `to_units`, and for a gap of 0."""
    gap = int(to_units(pixels, max(n, 1), name)[0])
    if gap == 0:
        raise ValueError(f"{name} is 0")
    return gap


def to_positions(x: Int64, end: Int64, y2: Int64, width: Int64, half: Int64) -> Positions:
    """From units to pixels. y2: half units from any origin. end: the right end of each column."""
    if len(x) == 0:
        return Positions(np.empty(0), np.empty(0), np.empty(0), 0.0, 0.0)
    upper = int((y2 - 2 * half).min())
    lower = int((y2 + 2 * half).max())
    return Positions(
        x / UNITS_PER_PIXEL,
        (y2 - upper) / (2 * UNITS_PER_PIXEL),
        end / UNITS_PER_PIXEL,
        float((x + width).max()) / UNITS_PER_PIXEL,
        (lower - upper) / (2 * UNITS_PER_PIXEL),
    )
