"""How many referral chains have which length."""

from __future__ import annotations

import numpy as np

from refgraph.renderers import palette
from refgraph.renderers.charts.axes import draw_count_axis, list_round_numbers
from refgraph.renderers.charts.parts import ChartData, DrawnChart, draw_boxes, draw_words
from refgraph.renderers.page_frame import LegendEntry
from refgraph.texts.numbers import format_count

BAR_SHARE, MAX_WIDTH = 0.66, 22.0
LENGTH_WIDTH = 3.2


def draw(data: ChartData) -> DrawnChart:
    """A bar per length, from one referral up; long ones share the last bar."""
    lengths = data.frame["length"].to_numpy().astype(np.int64)
    most = max(2, int(0.9 * data.room[0] / (LENGTH_WIDTH * data.size)))
    longest = int(lengths.max(initial=1))
    counts = np.bincount(np.minimum(lengths, most), minlength=min(longest, most) + 1)[1:]
    numbers = list_round_numbers(float(counts.max(initial=1)), is_whole=True)
    left = data.width([format_count(numbers[-1])]) + data.size
    top, bottom = 1.4 * data.size, data.room[1] - 3.2 * data.size
    step = min((data.room[0] - left) / len(counts), MAX_WIDTH * data.size)
    x = np.asarray(left + (np.arange(len(counts)) + 0.5) * step, np.float64)
    y = np.asarray(bottom - counts / numbers[-1] * (bottom - top), np.float64)
    half = np.full(len(x), 0.5 * BAR_SHARE * step)
    labels = [str(k + 1) for k in range(len(counts))]
    if longest > most:
        labels[-1] += "+"
    words = [format_count(count) for count in counts]
    below = np.full(len(x), bottom + 1.5 * data.size)
    fill = palette.CUSTOMER_INKS["closed"].fill
    some = counts > 0
    bars = draw_boxes(
        "bar", (x - half)[some], y[some], (x + half)[some], np.full(int(some.sum()), bottom), fill
    )
    groups = (
        *draw_count_axis(data, numbers, left, left + step * len(counts), top, bottom),
        bars,
        draw_words("value", x, y - 0.4 * data.size, words, data.size, "middle"),
        draw_words("length", x, below, labels, data.size, "middle"),
        draw_words(
            "axis-title", [left], [bottom + 2.9 * data.size], [data.say("length-axis")], data.size
        ),
    )
    return DrawnChart(groups=groups, legend=(LegendEntry(text=data.say("chains-bar")),))
