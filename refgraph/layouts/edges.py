"""The lines of a picture as control points, float64[m, points, 2] in pixels; no width, no colour."""

import numpy as np
import numpy.typing as npt

from refgraph.kernels.arrays import Float64, Int32
from refgraph.layouts.positions import Positions

CURVE = "MLCCCL"
"""What the points of `curves` are: move, line to, cubic to (two control points and its end), line to."""

ARC = "MCCC"
"""What the points of `arcs` are: move, cubic to."""

BOW = 0.25
"""Distance of an arc's control points from its chord, as a share of the chord, within the limits below."""
LEAST_BOW, MOST_BOW = 14.0, 120.0


def curves(parent: Int32, at: Positions, box_width: npt.ArrayLike, *, bend: float) -> Float64:
    """The edge into each place but the root, as `CURVE`: float64[n-1, 6, 2], row k for place k + 1.

    From the right end of the parent's box along its centre line to the end of its column (`Positions.turn`),
    an S bend to the child's centre line, then straight to the left end of the child's box: on that last
    stretch, points 4 to 5, there is room for text. All bends are equally wide: `bend` pixels, or the
    narrowest gap if that is less. Edges to siblings part in the bend; no edge crosses another or runs through
    a box. x never decreases along an edge.

    Raises ValueError when lengths differ or `bend` is negative or not finite.
    """
    n = len(at.x)
    width = np.broadcast_to(np.asarray(box_width, np.float64), (n,))
    if parent.shape != (n,) or not 0 <= bend < np.inf:
        raise ValueError("parent and positions differ in length, or bend is not a length")
    above = parent[1:]
    start, turn, end = at.x[above] + width[above], at.turn[above], at.x[1:]
    bend = float(np.min(end - turn, initial=bend))
    straight, middle = turn + bend, turn + bend / 2
    high, low = at.y[above], at.y[1:]
    x = np.stack((start, turn, middle, middle, straight, end), axis=1)
    y = np.stack((high, high, high, low, low, low), axis=1)
    return np.stack((x, y), axis=2)


def arcs(source: Int32, target: Int32, at: Positions, box_width: npt.ArrayLike) -> Float64:
    """Extra edges (second referrers, edges of loops) between any places, as `ARC`: float64[m, 4, 2].

    source, target: int32[m]. An arc ends at the left end of the target's box, where its node is. It begins at
    the right end of the source's box when that lies before the target's, else at the left end. It bows away
    from the straight stretch of the target's own edge: upwards when source and target are level, to the left
    when one is right above the other. A self-referral is a loop above the node. Never NaN.

    Raises ValueError when `source` and `target` differ in length, IndexError when one is no place.
    """
    if source.shape != target.shape:
        raise ValueError("source and target differ in length")
    width = np.broadcast_to(np.asarray(box_width, np.float64), at.x.shape)
    right = at.x[source] + width[source]
    begin = np.stack((np.where(right <= at.x[target], right, at.x[source]), at.y[source]), axis=1)
    end = np.stack((at.x[target], at.y[target]), axis=1)
    chord = end - begin
    away = _away(chord) * np.clip(BOW * np.hypot(chord[:, 0], chord[:, 1]), LEAST_BOW, MOST_BOW)[:, None]
    first, second = begin + chord / 3 + away, end - chord / 3 + away
    loop = (source == target)[:, None]
    first = np.where(loop, begin + [-LEAST_BOW, -2 * LEAST_BOW], first)
    second = np.where(loop, end + [LEAST_BOW, -2 * LEAST_BOW], second)
    return np.stack((begin, first, second, end), axis=1)


def _away(chord: Float64) -> Float64:
    """float64[m, 2]: each chord's unit normal towards the row it comes from; level: up; upright: left."""
    dx, dy = chord[:, 0], chord[:, 1]
    length = np.hypot(dx, dy)
    normal = np.stack((np.where(dx > 0, 1, -1) * np.abs(dy), np.where(dy < 0, 1, -1) * np.abs(dx)), axis=1)
    return np.where(length[:, None] > 0, normal / np.where(length > 0, length, 1.0)[:, None], [0.0, -1.0])
