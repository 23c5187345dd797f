"""Where the parties of each group are between prospect and customer, and how many closed."""

from __future__ import annotations

import numpy as np

from refgraph import texts
from refgraph.renderers import palette
from refgraph.renderers.charts.parts import ChartData, DrawnChart, draw_boxes, draw_words
from refgraph.renderers.page_frame import LegendEntry
from refgraph.renderers.scene import Group

STAGES = {
    "closed": palette.CUSTOMER_INKS["closed"].fill,
    "negotiating": palette.PROSPECT_INKS["negotiating"].fill,
    "contacted": palette.PROSPECT_INKS["contacted"].fill,
    "prospect": palette.PROSPECT_INKS["new"].fill,
    "lost": "#3e4c59",
}
"""Column -> fill, from left to right."""
LIGHT_TEXT = frozenset({"closed", "contacted", "lost"})
MAX_NAME_WIDTH, ROW_HEIGHT, BAR_SHARE = 15.0, 6.0, 0.6


def draw(data: ChartData) -> DrawnChart:
    """A bar of 100 % per group, in parts with their numbers; behind it the conversion."""
    names = data.fit(data.cells["group"], MAX_NAME_WIDTH * data.size)
    most = min(len(names), max(1, int(data.room[1] / (2.2 * data.size))))
    words = _write_conversions(data)[:most]
    left = data.width(names) + data.size
    right = max(left + 1.0, data.room[0] - data.width(words) - data.size)
    row = min(data.room[1] / max(most, 1), ROW_HEIGHT * data.size)
    middle = (np.arange(most, dtype=np.float64) + 0.5) * row
    half = 0.5 * BAR_SHARE * row
    counts = np.stack(
        [data.frame[name].fill_null(0).to_numpy().astype(np.float64)[:most] for name in STAGES]
    )
    total = np.maximum(counts.sum(axis=0), 1.0)
    ends = left + np.cumsum(counts, axis=0) / total * (right - left)
    starts = ends - counts / total * (right - left)
    base = middle + 0.36 * data.size
    groups: list[Group] = []
    for k, (stage, fill) in enumerate(STAGES.items()):
        some = counts[k] > 0
        groups.append(
            draw_boxes(
                "bar",
                starts[k][some],
                (middle - half)[some],
                ends[k][some],
                (middle + half)[some],
                fill,
            )
        )
        groups.append(_draw_counts(data, stage, starts[k], ends[k], base, most))
    groups.append(
        draw_words(
            "name", np.full(most, left - 0.6 * data.size), base, names[:most], data.size, "end"
        )
    )
    groups.append(draw_words("value", np.full(most, right + data.size), base, words, data.size))
    return DrawnChart(groups=tuple(groups), legend=_build_legend(data))


def _draw_counts(
    data: ChartData, stage: str, start: np.ndarray, end: np.ndarray, base: np.ndarray, most: int
) -> Group:
    """The numbers that fit into their parts."""
    words = data.cells[stage][:most]
    widths = data.font.widths(words, data.size)
    rows = np.flatnonzero(end - start > widths + 0.3 * data.size)
    color = palette.BACKGROUND if stage in LIGHT_TEXT else palette.TEXT
    chosen = [words[int(k)] for k in rows]
    center = 0.5 * (start + end)
    return draw_words("count", center[rows], base[rows], chosen, data.size, "middle", color)


def _write_conversions(data: ChartData) -> list[str]:
    """Conversion and interval as the table says them, or that it is unknown."""
    phrase, unknown = data.say("conversion"), data.say("conversion-unknown")
    rows = zip(
        data.frame["conversion"].is_null(),
        *(data.cells[f"conversion{end}"] for end in ("", "_low", "_high")),
        data.cells["parties"],
        strict=True,
    )
    return [
        unknown.format(parties=parties)
        if is_null
        else phrase.format(share=share, low=low, high=high, parties=parties)
        for is_null, share, low, high, parties in rows
    ]


def _build_legend(data: ChartData) -> list[LegendEntry]:
    return [
        LegendEntry(text=texts.get_column_title(column.text, data.lang), line=fill, width=9.0)
        for name, fill in STAGES.items()
        for column in data.result.columns
        if column.name == name
    ]
