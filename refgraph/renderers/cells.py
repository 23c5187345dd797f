"""Cells for people: values spoken by unit, stray control characters out, widths in columns of a terminal."""

from __future__ import annotations

import bisect
import functools
import re
import unicodedata

import polars as pl

from refgraph import texts
from refgraph.model.units import Unit
from refgraph.texts.numbers import cell

NUMBERS = frozenset({Unit.COUNT, Unit.SHARE, Unit.RATIO, Unit.MONEY, Unit.QUANTITY, Unit.DAYS, Unit.DEPTH,
                     Unit.SCORE, Unit.VALUE})  # fmt: skip
"""Units whose cells stand to the right and are never cut."""
BETWEEN = "; "
"""Stands between the members of a list in one cell."""
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)")  # fmt: skip
_BREAKS = re.compile(r"\r\n|[\t\n\v\f\r\x85\u2028\u2029]")
_CONTROLS = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069"
    r"\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")  # fmt: skip
_JOINER, _AS_PICTURE = "\u200d", "\ufe0f"


def clean(text: str) -> str:
    """One line that does nothing but stand there.

    Line breaks and tabs become spaces; terminal escape sequences, C0 and C1 controls, marks that turn the
    direction of writing, invisible format characters, tags and lone surrogates go. Joiners of emoji stay.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _CONTROLS.sub("", _BREAKS.sub(" ", _ESCAPES.sub("", text)))
    return text.encode("utf-8", "ignore").decode()


def spoken(values: pl.Series, unit: Unit, lang: str) -> list[str]:
    """Every value as `refgraph.texts.numbers.cell` speaks it, cleaned; lists joined; missing = en dash."""

    def label(word: object) -> str:
        return texts.label(str(word), lang)

    def one(value: object) -> str:
        if isinstance(value, list) and value:
            return BETWEEN.join(map(one, value))
        return clean(cell(None if value == [] else value, unit, lang, label))

    return [one(value) for value in values.to_list()]


def width(text: str) -> int:
    """Columns of a terminal: wide East Asian characters and emoji two, marks and joined characters none."""
    if text.isascii():
        return len(text)
    total = last = 0
    before = ""
    for character in text:
        if character == _AS_PICTURE and last == 1:
            total, last = total + 1, 2
        elif before != _JOINER and (wide := _one(character)):
            total, last = total + wide, wide
        before = character
    return total


def cut(text: str, room: int) -> str:
    """The text, or as much of its beginning as fits into ``room`` columns with an ellipsis behind."""
    if width(text) <= room:
        return text
    head = text[: 16 * room]
    kept = bisect.bisect_right(range(len(head) + 1), room - 1, key=lambda size: width(head[:size])) - 1
    return head[:kept].rstrip(_JOINER) + "…"


@functools.cache
def _one(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Mc", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
