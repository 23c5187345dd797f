"""The lines of a picture as control points, float64[m, points, 2] in pixels; no width or colour."""

import numpy as np
import numpy.typing as npt

from refgraph.kernels.arrays import Float64, Int32
from refgraph.layouts.positions import Positions

CURVE = "MLCCCL"
"""Commands of the points of `compute_curves`: move, line, cubic (3 points), line."""

ARC = "MCCC"
"""Commands of the points of `compute_arcs`: move, cubic (3 points)."""

BOW = 0.25
"""Distance of an arc's control points from its chord, as a share of the chord's length."""
MIN_BOW, MAX_BOW = 14.0, 120.0
"""Limits of that distance, pixels."""


def compute_curves(
    parent: Int32, positions: Positions, box_width: npt.ArrayLike, *, bend: float
) -> Float64:
    """The edge to each place but the root, as `CURVE`: float64[n-1, 6, 2], row k for place k + 1.

    From the right end of the parent's box along its centre line to the end of its column
    (`Positions.bend_start`), an S bend to the child's centre line, then straight to the left end of
    the child's box: on that last stretch, points 4 to 5, there is room for text. All bends are
    equally wide: `bend` pixels, or the narrowest gap if that is less. Edges to siblings separate in
    the bend; no edge crosses another or runs through a box. x never decreases along an edge.

    Raises ValueError when lengths differ or `bend` is negative or not finite.
    """
    n = len(positions.x)
    width = np.broadcast_to(np.asarray(box_width, np.float64), (n,))
    if parent.shape != (n,) or not 0 <= bend < np.inf:
        raise ValueError("parent and positions differ in length, or bend is not a length")
    above = parent[1:]
    start, turn = positions.x[above] + width[above], positions.bend_start[above]
    end = positions.x[1:]
    bend = float(np.min(end - turn, initial=bend))
    straight, middle = turn + bend, turn + bend / 2
    high, low = positions.y[above], positions.y[1:]
    x = np.stack((start, turn, middle, middle, straight, end), axis=1)
    y = np.stack((high, high, high, low, low, low), axis=1)
    return np.stack((x, y), axis=2)


def compute_arcs(
    source: Int32, target: Int32, positions: Positions, box_width: npt.ArrayLike
) -> Float64:
    """Extra edges (second referrers, edges of cycles), as `ARC`: float64[m, 4, 2].

    source, target: int32[m]. An arc ends at the left end of the target's box, where its node is. It
    begins at the right end of the source's box when that lies before the target's, else at the left
    end. It bows away from the straight stretch of the target's own edge: upwards when source and
    target are level, to the left when one is right above the other. A self-referral is a loop above
    the node. No value is NaN.

    Raises ValueError when `source` and `target` differ in length, IndexError for a place that
    does not exist.
    """
    if source.shape != target.shape:
        raise ValueError("source and target differ in length")
    width = np.broadcast_to(np.asarray(box_width, np.float64), positions.x.shape)
    right = positions.x[source] + width[source]
    begin_x = np.where(right <= positions.x[target], right, positions.x[source])
    begin = np.stack((begin_x, positions.y[source]), axis=1)
    end = np.stack((positions.x[target], positions.y[target]), axis=1)
    chord = end - begin
    distance = np.clip(BOW * np.hypot(chord[:, 0], chord[:, 1]), MIN_BOW, MAX_BOW)
    away = _compute_normals(chord) * distance[:, None]
    first, second = begin + chord / 3 + away, end - chord / 3 + away
    is_loop = (source == target)[:, None]
    first = np.where(is_loop, begin + [-MIN_BOW, -2 * MIN_BOW], first)
    second = np.where(is_loop, end + [MIN_BOW, -2 * MIN_BOW], second)
    return np.stack((begin, first, second, end), axis=1)


def _compute_normals(chord: Float64) -> Float64:
    """The unit normal of each chord towards the row it comes from: float64[m, 2].

    For a level chord it points up, for a vertical one to the left.
    """
    dx, dy = chord[:, 0], chord[:, 1]
    length = np.hypot(dx, dy)
    horizontal = np.where(dx > 0, 1, -1) * np.abs(dy)
    vertical = np.where(dy < 0, 1, -1) * np.abs(dx)
    divisor = np.where(length > 0, length, 1.0)
    normal = np.stack((horizontal, vertical), axis=1) / divisor[:, None]
    return np.where(length[:, None] > 0, normal, [0.0, -1.0])
