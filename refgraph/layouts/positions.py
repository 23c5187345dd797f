"""What a layout returns, and the grid on which it is reckoned.

All arithmetic is done in whole 64ths of a pixel. So it is exact: equal subtrees come out equal to the last
bit, a picture of the mirrored tree is the mirrored picture, and every machine gives the same bytes.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from refgraph.kernels.arrays import Float64, Int32, Int64, indices
from refgraph.kernels.compile import Arguments, kernel
from refgraph.kernels.forest import Layout

GRID = 64
"""Units to the pixel."""

LARGEST = 2.0**33
"""Pixels that all boxes and gaps may add up to in one direction; keeps every sum inside int64."""


@dataclass(frozen=True, eq=False)
class Positions:
    """Where the boxes (node and label) of a tree stand, in pixels: multiples of 1/128, none negative."""

    x: Float64
    """float64[n]: left end of each box."""
    y: Float64
    """float64[n]: centre line of each box."""
    turn: Float64
    """float64[n]: where edges to the children may leave the centre line, behind every box of the column."""
    width: float
    """Right end of the rightmost box."""
    height: float
    """Lower end of the lowest box; the highest begins at 0."""


def preorder(parent: Int32) -> Layout:
    """Sizes and depths of the tree `parent` (int32[n] by place).

    Raises ValueError unless it is one tree (or nothing) in preorder.
    """
    parent = indices(parent, "parent")
    place = np.arange(len(parent), dtype=np.int32)
    size, depth = np.ones_like(place), np.zeros_like(place)
    earlier = not len(parent) or (parent[0] == -1 and bool(((parent[1:] >= 0) & (parent[1:] < place[1:])).all()))
    if not earlier or not _nested(parent, size, depth, place + np.int32(1)):
        raise ValueError("parent is not one tree in preorder")
    return Layout(place, parent, size, depth)


def _example() -> Arguments:
    return np.array([-1, 0], np.int32), np.ones(2, np.int32), np.zeros(2, np.int32), np.arange(1, 3, dtype=np.int32)


@kernel(steps=lambda parent, size, depth, free: 4 * len(parent), warm=_example)
def _nested(parent: Int32, size: Int32, depth: Int32, free: Int32) -> bool:
    """Fill in `size` (ones before) and `depth`; whether each child stands where the one before it ends.

    parent: parents before children. free: the place after each party, where its next child must stand.
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


def units(pixels: npt.ArrayLike, n: int, name: str, per_pixel: int = GRID) -> Int64:
    """Lengths in pixels, one number or float64[n], as int64[n] in units, rounded up.

    Raises ValueError when one is negative, not finite or there are not n, or when all add up to 2**33 pixels.
    """
    values = np.asarray(pixels, np.float64)
    if values.shape not in ((), (n,)):
        raise ValueError(f"{name} has the shape {values.shape}, not ({n},)")
    values = np.broadcast_to(values, (n,))
    if not bool((values >= 0).all()) or not float(values.sum()) < LARGEST:
        raise ValueError(f"{name} holds a length that is negative, not finite or too large")
    return np.ceil(values * per_pixel).astype(np.int64)


def gap_units(pixels: float, n: int, name: str) -> int:
    """One gap in units, at least one; raises ValueError as `units`, and for a gap of 0."""
    gap = int(units(pixels, max(n, 1), name)[0])
    if gap == 0:
        raise ValueError(f"{name} is 0")
    return gap


def positions(x: Int64, end: Int64, y2: Int64, width: Int64, half: Int64) -> Positions:
    """From units to pixels; `y2` counts half units from anywhere, `end` is the right end of each column."""
    if len(x) == 0:
        return Positions(np.empty(0), np.empty(0), np.empty(0), 0.0, 0.0)
    upper = int((y2 - 2 * half).min())
    lower = int((y2 + 2 * half).max())
    return Positions(
        x / GRID,
        (y2 - upper) / (2 * GRID),
        end / GRID,
        float((x + width).max()) / GRID,
        (lower - upper) / (2 * GRID),
    )
