"""The lines of a picture as control points, float64[m, points, 2] in pixels; no width or color."""

import numpy as np
import numpy.typing as npt

from refgraph.kernels.arrays import Float64, Int32
from refgraph.layouts.positions import Positions

CURVE = "MLCCCL"
"""Commands of the points of `compute_curves`: move, line, cubic (3 points), line."""


def compute_curves(
    parent: Int32, positions: Positions, box_width: npt.ArrayLike, *, bend: float
) -> Float64:
    """The edge to each place but the root, as `CURVE`: float64[n-1, 6, 2], row k for place k + 1.

    From the right end of the parent's box along its center line to the end of its column
    (`Positions.bend_start`), an S bend to the child's center line, then straight to the left end of
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
