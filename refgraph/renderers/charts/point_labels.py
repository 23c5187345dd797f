"""Names beside points, as many as fit without covering a point or another name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from refgraph.renderers.charts.parts import ChartData
from refgraph.renderers.scene import Floats

ABOVE_BASE, BELOW_BASE = 0.86, 0.26
"""How far a text reaches from its base line, in its size."""
MAX_OBSTACLES = 4000


def place_names(
    data: ChartData,
    names: Sequence[str],
    x: Floats,
    y: Floats,
    radius: float,
    taken: Floats,
    limit: int,
) -> tuple[list[int], Floats, Floats]:
    """Which of the names are drawn, and where each begins on its base line.

    The first names have priority. x, y: all points, those with names first. taken: float64[m, 4],
    boxes (left, top, right, bottom) to keep clear of.
    """
    points = np.stack((x - radius, y - radius, x + radius, y + radius), axis=1)[:MAX_OBSTACLES]
    boxes = np.concatenate((taken.reshape(-1, 4), points))
    widths = data.font.widths(list(names), data.size)
    chosen: list[int] = []
    lefts: list[float] = []
    bases: list[float] = []
    for k in range(len(names)):
        if len(chosen) == limit:
            break
        for left, base in _list_places(data, float(x[k]), float(y[k]), radius, float(widths[k])):
            box = _make_box(data, left, base, float(widths[k]))
            if _is_inside(box, data.room) and not _overlaps(box, boxes):
                chosen.append(k)
                lefts.append(left)
                bases.append(base)
                boxes = np.concatenate((boxes, box[None]))
                break
    return chosen, np.asarray(lefts, np.float64), np.asarray(bases, np.float64)


def _list_places(
    data: ChartData, x: float, y: float, radius: float, width: float
) -> list[tuple[float, float]]:
    """Right, left, above and below of the point."""
    gap = radius + 0.35 * data.size
    middle = y + 0.35 * data.size
    above, below = y - gap - BELOW_BASE * data.size, y + gap + ABOVE_BASE * data.size
    sides = [(x + gap, middle), (x - gap - width, middle)]
    rows = [(x - width * part, base) for base in (above, below) for part in (0.5, 0.0, 1.0)]
    return [*sides, *rows]


def _make_box(data: ChartData, left: float, base: float, width: float) -> Floats:
    top, bottom = base - ABOVE_BASE * data.size, base + BELOW_BASE * data.size
    return np.array([left, top, left + width, bottom])


def _is_inside(box: Floats, room: tuple[float, float]) -> bool:
    return bool(box[0] >= 0 and box[1] >= 0 and box[2] <= room[0] and box[3] <= room[1])


def _overlaps(box: Floats, boxes: Floats) -> bool:
    is_clear = (
        (boxes[:, 0] >= box[2])
        | (boxes[:, 2] <= box[0])
        | (boxes[:, 1] >= box[3])
        | (boxes[:, 3] <= box[1])
    )
    return not bool(is_clear.all())
