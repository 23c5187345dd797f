"""Cells for people: values formatted by unit, text without control characters, terminal widths."""

from __future__ import annotations

import bisect
import re

import polars as pl

from refgraph import texts
from refgraph.model.units import Unit
from refgraph.texts.numbers import format_cell
from refgraph.texts.widths import EMOJI_JOINER
from refgraph.texts.widths import measure_width as measure_width

NUMERIC_UNITS = frozenset(
    {
        Unit.COUNT,
        Unit.SHARE,
        Unit.POINTS,
        Unit.RATIO,
        Unit.MONEY,
        Unit.QUANTITY,
        Unit.DAYS,
        Unit.DEPTH,
        Unit.SCORE,
        Unit.VALUE,
    }
)
"""Units whose cells are aligned to the right and never cut."""
LIST_SEPARATOR = "; "
"""Between the members of a list in one cell."""
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)"
)
_LINE_BREAKS = re.compile(r"\r\n|[\t\n\v\f\r\x85\u2028\u2029]")
_CONTROLS = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069"
    r"\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"
    + "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(1, 17))
    + "]"
)
_MAX_CHARACTERS_PER_COLUMN = 16
"""Characters looked at per column: more than an emoji has parts."""


def clean_text(text: str) -> str:
    """The text on one line, without anything that acts on a terminal or a page.

    Line breaks and tabs become spaces. Terminal escape sequences, C0 and C1 controls, marks that
    change the direction of writing, invisible format characters, tags, code points that are no
    characters, and lone surrogates are removed. Joiners of emoji stay.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _CONTROLS.sub("", _LINE_BREAKS.sub(" ", _ESCAPES.sub("", text)))
    return text.encode("utf-8", "ignore").decode()


def format_values(values: pl.Series, unit: Unit, lang: str) -> list[str]:
    """Every value as `refgraph.texts.numbers.format_cell` formats it, cleaned.

    Members of lists are joined; a missing value and an empty list are an en dash.
    """

    def get_label(word: object) -> str:
        return texts.get_label(str(word), lang)

    def format_value(value: object) -> str:
        if isinstance(value, list) and value:
            return LIST_SEPARATOR.join(map(format_value, value))
        return clean_text(format_cell(None if value == [] else value, unit, lang, get_label))

    return [format_value(value) for value in values.to_list()]


def truncate(text: str, width: int) -> str:
    """The text, or as much of its beginning as fits into ``width`` columns with an ellipsis."""
    if measure_width(text) <= width:
        return text
    head = text[: _MAX_CHARACTERS_PER_COLUMN * width]
    longer = bisect.bisect_right(
        range(len(head) + 1), width - 1, key=lambda size: measure_width(head[:size])
    )
    return head[: longer - 1].rstrip(EMOJI_JOINER) + "…"
