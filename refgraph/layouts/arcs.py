"""Extra edges of a tree (second referrers, edges of cycles) routed around every box and text.

Between two generations there is a corridor without texts; vertical pieces run there, each on a
track of its own. Horizontal pieces run through gaps between the boxes of the generations that they
pass, or above or below all of them, and no two share a gap that is too narrow for both. In front of
a party an arc runs below its edge, where no text is, and ends at its mark.
"""

from dataclasses import dataclass, field

import numpy as np

from refgraph.kernels.arrays import Float64, Int32, Int64
from refgraph.layouts.positions import Positions

ROUTE = "ML" + "LCCC" * 4 + "LL"
"""Commands of the points of `route_arcs`: straight pieces with four rounded corners."""

TRACK_GAP, MAX_TRACKS = 5.0, 12
"""Pixels between tracks of a corridor, and tracks until arcs have to share one."""
MIN_LANE, LANE_GAP = 5.0, 2.5
"""Height of the lowest gap that takes a horizontal piece, and space on either side of it."""
EXIT_DROP, SLOT_STEP, SLOT_MARGIN = 4.0, 3.5, 1.5
"""Pixels below the center line where arcs leave and arrive, and between arrivals."""
LEAD, CORNER_RADIUS = 10.0, 7.0
"""Pixels before a mark where an arc turns to it, and the radius of corners."""
FIRST_ANGLE, ANGLE_STEP = 25.0, 28.0
"""Degrees below the horizontal at which arcs reach a mark."""
MAX_SEARCHED_ARCS = 400
"""Of more arcs all long ones run above or below the tree, without a search for gaps."""
CIRCLE = 0.5523
"""Control points of a quarter of a circle, as a share of the radius."""


@dataclass(frozen=True, eq=False, kw_only=True)
class ArcRoom:
    """Where boxes, texts and corridors are; arrays by place, lengths in pixels.

    depth: int32[n], the column of each box. top, bottom: float64[n], the rows that a box and the
    text on its edge take. mark_x, radius: float64[n], of its mark. exit_x: float64[n], where its
    text ends. half: float64[n], half the height of the box alone. track_start: width of the part of
    a corridor that is left to the bends of edges.
    """

    positions: Positions
    depth: Int32
    top: Float64
    bottom: Float64
    half: Float64
    mark_x: Float64
    radius: Float64
    exit_x: Float64
    track_start: float


@dataclass
class _Traffic:
    """What is taken already: tracks by corridor, arrivals by place, and lanes."""

    tracks: dict[int, int] = field(default_factory=dict)
    arrivals: dict[int, int] = field(default_factory=dict)
    lanes: list[tuple[float, float, float]] = field(default_factory=list)


def compute_corridor_width(arcs: int) -> float:
    """Pixels that the tracks of this many arcs add to the space between two generations."""
    return TRACK_GAP * min(arcs, MAX_TRACKS) + TRACK_GAP if arcs else 0.0


def route_arcs(source: Int32, target: Int32, room: ArcRoom) -> Float64:
    """One arc per pair of places, as `ROUTE`: float64[m, 20, 2], ending at the mark of the target.

    Coordinates may be negative: arcs run left of the root and above the tree, too. Raises
    ValueError when `source` and `target` differ in length, IndexError for a place that does not
    exist.
    """
    if source.shape != target.shape:
        raise ValueError("source and target differ in length")
    corridors = _find_corridors(room)
    traffic = _Traffic()
    paths = np.empty((len(source), 8, 2))
    searches = len(source) <= MAX_SEARCHED_ARCS
    for k, (u, v) in enumerate(zip(source.tolist(), target.tolist(), strict=True)):
        paths[k] = _route_arc(u, v, room, corridors, traffic, searches)
    return _round_corners(paths)


def _find_corridors(room: ArcRoom) -> Float64:
    """float64[columns]: where the tracks of the corridor behind each column begin."""
    start = np.zeros(int(room.depth.max(initial=0)) + 1)
    start[room.depth] = room.positions.bend_start
    return start + room.track_start


def _route_arc(
    u: int, v: int, room: ArcRoom, corridors: Float64, traffic: _Traffic, searches: bool
) -> Float64:
    """The eight points of one arc from place u to place v, corners not rounded."""
    arrives = int(room.depth[v]) - 1
    goes_right = arrives >= int(room.depth[u])
    leaves = int(room.depth[u]) if goes_right else int(room.depth[u]) - 1
    if goes_right:
        start = turn = (float(room.exit_x[u]), float(room.positions.y[u]) + EXIT_DROP)
    else:
        start, turn = _find_port(u, room, traffic)
    end, last_turn = _find_port(v, room, traffic)
    first_x = _take_track(leaves, corridors, traffic)
    if leaves == arrives:
        lane, last_x = last_turn[1], first_x
    else:
        last_x = _take_track(arrives, corridors, traffic)
        span = (min(leaves, arrives), max(leaves, arrives))
        wishes = (turn[1], last_turn[1])
        x_range = (min(first_x, last_x), max(first_x, last_x))
        lane = _find_lane(span, wishes, x_range, room, traffic.lanes, searches)
        traffic.lanes.append((*x_range, lane))
    corners = ((first_x, turn[1]), (first_x, lane), (last_x, lane), (last_x, last_turn[1]))
    return np.array((start, turn, *corners, last_turn, end))


def _find_port(
    v: int, room: ArcRoom, traffic: _Traffic
) -> tuple[tuple[float, float], tuple[float, float]]:
    """A point on the lower left of a mark, and the point before it; each arc has its own."""
    slots = 1 + max(0, int((float(room.half[v]) - SLOT_MARGIN - EXIT_DROP) / SLOT_STEP))
    slot = traffic.arrivals.get(v, 0)
    traffic.arrivals[v] = slot + 1
    slot %= slots
    angle = np.radians(FIRST_ANGLE + ANGLE_STEP * slot)
    x, y, reach = float(room.mark_x[v]), float(room.positions.y[v]), float(room.radius[v]) + 1
    mark = (x - reach * float(np.cos(angle)), y + reach * float(np.sin(angle)))
    return mark, (x - reach - LEAD, y + EXIT_DROP + SLOT_STEP * slot)


def _take_track(corridor: int, corridors: Float64, traffic: _Traffic) -> float:
    """The x of the next track of a corridor; -1 is the one before the first column."""
    track = traffic.tracks.get(corridor, 0)
    traffic.tracks[corridor] = track + 1
    if corridor < 0:
        return -TRACK_GAP * (track + 2)
    return float(corridors[corridor]) + TRACK_GAP * (track % MAX_TRACKS)


def _find_lane(
    span: tuple[int, int],
    wishes: tuple[float, float],
    x_range: tuple[float, float],
    room: ArcRoom,
    lanes: list[tuple[float, float, float]],
    searches: bool,
) -> float:
    """The y of a horizontal piece past the columns span[0] + 1 .. span[1], as short as possible.

    wishes: the y from which and to which it leads.
    """
    taken = np.array([y for low, high, y in lanes if low < x_range[1] and x_range[0] < high])
    top, bottom = room.top, room.bottom
    if searches:
        is_passed = (room.depth > span[0]) & (room.depth <= span[1])
        top, bottom = top[is_passed], bottom[is_passed]
    else:
        top, bottom = top.min(keepdims=True), bottom.max(keepdims=True)
    low, high = _find_gaps(
        np.concatenate((top, taken - LANE_GAP)), np.concatenate((bottom, taken + LANE_GAP))
    )
    near = np.clip(wishes[0], low, high)
    far = np.clip(wishes[1], low, high)
    y = np.concatenate((near, far))
    return float(y[np.argmin(np.abs(y - wishes[0]) + np.abs(y - wishes[1]))])


def _find_gaps(top: Float64, bottom: Float64) -> tuple[Float64, Float64]:
    """The free ranges of y between intervals, the two outer ones included, with room around."""
    order: Int64 = np.argsort(top, kind="stable")
    top, bottom = top[order], np.maximum.accumulate(bottom[order])
    low = np.concatenate(([-np.inf], bottom + LANE_GAP))
    high = np.concatenate((top - LANE_GAP, [np.inf]))
    is_free = high - low >= MIN_LANE - 2 * LANE_GAP
    return low[is_free], high[is_free]


def _round_corners(paths: Float64) -> Float64:
    """The eight points of each path as `ROUTE`."""
    out = np.empty((len(paths), len(ROUTE), 2))
    out[:, :2], out[:, -2:] = paths[:, :2], paths[:, 6:]
    for k in range(4):
        corner, before, after = paths[:, k + 2], paths[:, k + 1], paths[:, k + 3]
        arms = [end - corner for end in (before, after)]
        lengths = [np.hypot(arm[:, 0], arm[:, 1]) for arm in arms]
        radius = np.minimum(CORNER_RADIUS, np.minimum(*lengths) / 2)[:, None]
        ends = [
            corner + arm / np.maximum(length, 1e-9)[:, None] * radius
            for arm, length in zip(arms, lengths, strict=True)
        ]
        controls = [end + CIRCLE * (corner - end) for end in ends]
        points = (ends[0], *controls, ends[1])
        out[:, 2 + 4 * k : 6 + 4 * k] = np.stack(points, axis=1)
    return out
