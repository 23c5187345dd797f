"""Texts of a picture: cleaned, drawable, short enough; phrases filled column by column."""

from __future__ import annotations

import string
from collections.abc import Callable

import numpy as np
import polars as pl

from refgraph import texts
from refgraph.renderers import cells
from refgraph.renderers.fonts import DROPPED_CHARACTERS, PLACEHOLDER, Font

ELLIPSIS = "…"
UNDRAWABLE_PATTERN = (
    r"[^\t -\x{2fff}\x{3000}-\x{d7ff}\x{f900}-\x{ffff}]"
    r"|[\x00-\x1f\x7f-\x9f\x{61c}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{206f}"
    r"\x{fdd0}-\x{fdef}\x{fe00}-\x{fe0f}\x{feff}\x{fff9}-\x{fffb}\x{fffe}\x{ffff}]"
)
"""What cannot be drawn as it is: controls, invisible marks, private use, beyond the BMP."""
MAX_HEAD_LENGTH = 200
"""Characters of a long name that are measured."""


def clean_texts(values: pl.Series) -> pl.Series:
    """Every text on one line, without controls and marks of the writing direction; never empty."""
    is_odd = values.str.contains(UNDRAWABLE_PATTERN).fill_null(False)
    if is_odd.any():
        cleaned = [cells.clean_text(text) for text in values.filter(is_odd)]
        values = values.scatter(is_odd.arg_true(), cleaned)
    return values.str.strip_chars().replace("", "–")


def replace_undrawable(values: pl.Series, font: Font) -> tuple[pl.Series, int]:
    """The texts with a placeholder for each character that no font has, and the number of these."""
    missing = font.find_missing_characters(values.to_list())
    missing = [character for character in missing if character not in DROPPED_CHARACTERS]
    dropped = [c for c in DROPPED_CHARACTERS if values.str.contains(c, literal=True).any()]
    if not missing and not dropped:
        return values, 0
    count = 0
    if missing:
        any_missing = "[" + "".join(f"\\x{{{ord(c):x}}}" for c in missing) + "]"
        count = int(values.str.count_matches(any_missing).sum())
    replacements = [PLACEHOLDER] * len(missing) + [""] * len(dropped)
    return values.str.replace_many([*missing, *dropped], replacements), count


def shorten_names(
    names: pl.Series, font: Font, size: float, max_width: float
) -> tuple[pl.Series, int]:
    """Names no wider than ``max_width`` pixels, and how many were cut."""
    wide = np.flatnonzero(font.widths(names.to_list(), size) > max_width)
    if not len(wide):
        return names, 0
    shortened = [shorten_name(names[int(k)], font, size, max_width) for k in wide]
    return names.scatter(wide, shortened), len(wide)


def shorten_name(name: str, font: Font, size: float, max_width: float) -> str:
    """A name that is too wide, cut so that it is at most ``max_width`` pixels."""
    head = name[:MAX_HEAD_LENGTH]
    ends = np.cumsum(font.widths(list(head), size))
    room = max_width - font.widths([ELLIPSIS], size)[0]
    return head[: int(np.searchsorted(ends, room, side="right"))].rstrip() + ELLIPSIS


def format_distinct(values: pl.Series, format_value: Callable[[float], str]) -> pl.Series:
    """Numbers as text; each different one is formatted once."""
    if values.is_empty():
        return values.cast(pl.String)
    distinct = values.unique()
    formatted = [format_value(value) for value in distinct]
    return values.replace_strict(distinct, formatted, return_dtype=pl.String)


class Phrases:
    """Short texts of a language (table ``picture``), filled column by column."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def text(self, key: str) -> str:
        """The text of a key."""
        return texts.look_up("picture", key, self.lang)

    def words(self, prefix: str) -> dict[str, str]:
        """All texts whose keys begin with ``prefix-``, by the rest of the key."""
        table, start = texts.load_texts(self.lang)["picture"], f"{prefix}-"
        return {
            key.removeprefix(start): text for key, text in table.items() if key.startswith(start)
        }

    def fill(self, key: str, **columns: str) -> pl.Expr:
        """The text of a key with columns of text in its fields; column names by field."""
        parts = []
        for literal, field, _, _ in string.Formatter().parse(self.text(key)):
            if literal:
                parts.append(pl.lit(literal))
            if field:
                parts.append(pl.col(columns[field]))
        return pl.concat_str(parts)
