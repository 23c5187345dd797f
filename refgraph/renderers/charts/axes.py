"""Axes of charts: round numbers, and grids with their labels."""

from __future__ import annotations

import math

import numpy as np

from refgraph.renderers import palette
from refgraph.renderers.charts.parts import (
    GRID_COLOR,
    GRID_WIDTH,
    ChartData,
    draw_segments,
    draw_words,
)
from refgraph.renderers.scene import Floats, Group
from refgraph.texts.numbers import format_count, format_share

ROUND_STEPS = (1.0, 2.0, 5.0, 10.0)
STEPS = 5
"""Steps of an axis at most, roughly."""


def list_round_numbers(most: float, is_whole: bool = False) -> Floats:
    """0, and round numbers in equal steps until one is at least ``most``.

    >>> list_round_numbers(0.37).tolist()
    [0.0, 0.1, 0.2, 0.3, 0.4]
    """
    if not most > 0:
        most = 1.0
    power = 10.0 ** math.floor(math.log10(most / STEPS))
    step = next(s * power for s in ROUND_STEPS if s * power * STEPS >= most * (1 - 1e-9))
    if is_whole:
        step = max(1.0, step)
    return np.round(np.arange(math.ceil(most / step - 1e-9) + 1) * step, 12)


def draw_count_axis(
    data: ChartData, numbers: Floats, left: float, right: float, top: float, bottom: float
) -> list[Group]:
    """Horizontal grid lines for whole numbers from bottom to top, with labels left of them."""
    y = bottom - numbers / numbers[-1] * (bottom - top)
    starts = np.stack((np.full(len(y), left), y), axis=1)
    ends = np.stack((np.full(len(y), right), y), axis=1)
    x = np.full(len(y), left - 0.5 * data.size)
    step = max(1, math.ceil(1.5 * data.size / max(y[0] - y[1], 1e-9)))
    words = [format_count(number) for number in numbers[::step]]
    return [
        draw_segments("grid", starts, ends, GRID_COLOR, GRID_WIDTH),
        draw_words(
            "axis",
            x[::step],
            y[::step] + 0.35 * data.size,
            words,
            data.size,
            "end",
            palette.MUTED_TEXT,
        ),
    ]


def draw_share_scale(
    data: ChartData, shares: Floats, left: float, right: float, bottom: float
) -> list[Group]:
    """Vertical grid lines for shares from left to right, with labels below them."""
    x = left + shares / shares[-1] * (right - left)
    starts = np.stack((x, np.zeros(len(x))), axis=1)
    ends = np.stack((x, np.full(len(x), bottom)), axis=1)
    words = [format_share(share, data.lang, 0) for share in shares]
    step = max(1, math.ceil((data.width(words) + data.size) / max(x[1] - x[0], 1e-9)))
    x, words = x[::step], words[::step]
    y = np.full(len(x), bottom + 1.3 * data.size)
    return [
        draw_segments("grid", starts, ends, GRID_COLOR, GRID_WIDTH),
        draw_words("axis", x, y, words, data.size, "middle", palette.MUTED_TEXT),
    ]
