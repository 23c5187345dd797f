"""Boxes around the tables of a page: one that grows with its table, or one that scrolls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from refgraph.texts.widths import measure_width

MAX_UNSCROLLED_COLUMNS = 10
"""Columns that fit side by side on a desktop screen; a wider table scrolls in its box."""
PAGE_WIDTH = 1120
LEAD_WIDTH, LAST_WIDTH, LEAST_WIDTHS = 200, 192, {"reason": 160, "label": 88, "date": 105}
"""Pixels on a desktop screen, as in report.css: page, names, last long text, other cells."""
LETTER_WIDTH, HEADING_ROOM = 6.5, 38
"""Pixels of a heading: a column of a terminal, and the room for padding and the sorting sign."""


def choose_box(columns: Sequence[Mapping[str, Any]], lang: str) -> str:
    """The class of the box: wide (scrolls), fits (nothing is left out), or empty."""
    shown = [column for column in columns if not column["detail"]]
    width = sum(_estimate_width(column, column is shown[-1], lang) for column in shown)
    if len(shown) > MAX_UNSCROLLED_COLUMNS or width > PAGE_WIDTH:
        return "wide"
    return "" if len(shown) < len(columns) else "fits"


def _estimate_width(column: Mapping[str, Any], is_last: bool, lang: str) -> float:
    """The least pixels of a column; Chinese headings stay on one line, others break at spaces."""
    words = [column["title"]] if lang == "zh" else column["title"].split()
    heading = LETTER_WIDTH * max(map(measure_width, words)) + HEADING_ROOM
    least = LEAST_WIDTHS.get(column["unit"], 0)
    if column["lead"]:
        least = LEAD_WIDTH
    elif column["long"] and is_last:
        least = LAST_WIDTH
    return max(heading, least)
