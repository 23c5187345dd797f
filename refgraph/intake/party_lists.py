"""Columns that hold more than who referred a customer: a path, the referred, a level each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import polars as pl

from refgraph.intake.column_shapes import ColumnShape
from refgraph.intake.referred_by import SEPARATORS

ListKind = Literal["path", "referred"]
_ARROWS = r"\s*(?:->|→|>|\.)\s*"
_REFERRED_HEADER = r"^(?:sons?|child(?:ren)?|downlines?|members?|下级|下线|子节点|直推|徒弟|被推荐)"
_LEVEL = re.compile(r"([一二三四五六七八九1-9])\s*(?:级|代|层)|(?:level|tier|l)[ _-]?([1-9])", re.I)
_MOST = 0.6


def find_list_kind(shape: ColumnShape, ids: pl.Series) -> ListKind | None:
    """What lists of ids a column holds: ``path`` from the first recommender down, or ``referred``.

    ids: of the customers, in the order of the rows. A path ends with the row's own id, and some
    have several parts. None for other columns.
    """
    if ids.len() < shape.rows or not shape.filled.len():
        return None
    frame = pl.DataFrame({"cell": shape.cells, "own": ids.head(shape.rows)}).drop_nulls()
    unified = pl.col("cell").str.replace_all(f"{SEPARATORS}|{_ARROWS}", "\x00")
    parts = frame.with_columns(parts=unified.str.strip_chars("\x00").str.split("\x00"))
    several = parts.filter(pl.col("parts").list.len() > 1)
    if not several.height:
        return None
    known = several.explode("parts")["parts"].is_in(ids.drop_nulls().implode())
    if known.sum() < _MOST * known.len():
        return None
    ends = several["parts"].list.last() == several["own"]
    if ends.sum() >= _MOST * several.height:
        return "path"
    header = shape.header.strip().lower()
    return "referred" if re.match(_REFERRED_HEADER, header) else None


def find_level_columns(headers: Sequence[str]) -> list[str]:
    """Headers that differ only by the number of a level, such as 一级推荐人; the first level first.

    Empty if there are fewer than two.
    """
    by_rest: dict[str, dict[str, str]] = {}
    for header in headers:
        match = _LEVEL.search(header)
        if match:
            number = match.group(1) or match.group(2)
            order = "一二三四五六七八九".find(number) + 1 or int(number)
            rest = header[: match.start()] + header[match.end() :]
            by_rest.setdefault(rest, {})[str(order)] = header
    groups = [levels for levels in by_rest.values() if len(levels) > 1 and "1" in levels]
    if not groups:
        return []
    return [groups[0][order] for order in sorted(groups[0])]
