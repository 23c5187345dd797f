"""Which row of a table is its header: the one with the most cells that are known headers.

Knows nothing of file formats: rows are lists of cells, None or "" where a cell is empty.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from refgraph.errors import DataError

HeaderCounter = Callable[[Sequence[str]], int]
"""Cells of a row -> how many of them are headers that one table knows."""

MAX_HEAD_ROWS = 31
"""Rows among which the header is looked for, blank ones not counted."""

MIN_KNOWN = 2
"""Known headers that a row below the first needs in order to be the header."""

_HEADER_PADDING = re.compile(r"^[\s\ufeff]+|[\s\ufeff]+$")
_NUMBER = re.compile(r"[-+]?[\d.,/:年月日 -]*\d[\d.,/:年月日 -]*%?")

Row = Sequence[str | None]


class Header(NamedTuple):
    """The header of a table.

    names: one per column, "" for a column without. first, last: positions of its first and last row
    among the rows given, one row unless the header has two lines; -1 if the table has no header.
    known: how many of the names are known headers.
    """

    names: list[str]
    first: int
    last: int
    known: int


def count_no_headers(cells: Sequence[str]) -> int:
    """A `HeaderCounter` that knows no header: the first row with a filled cell is the header."""
    return 0


def clean_header(cell: str | None) -> str:
    """A header without the white space and byte order marks around it."""
    return _HEADER_PADDING.sub("", cell or "")


def is_blank(row: Row) -> bool:
    """Whether no cell of a row holds more than white space."""
    return not any(map(clean_header, row))


def find_header(rows: Sequence[Row], count_known: HeaderCounter) -> Header | None:
    """The header among the first rows of a table; None if all of them are blank.

    It is the first row with a filled cell, unless another one, or two rows that complete each
    other, have more known headers and at least `MIN_KNOWN`. Of equals the first one counts, unless
    the row below it names more columns.
    """
    filled = [k for k, row in enumerate(rows) if not is_blank(row)][:MAX_HEAD_ROWS]
    if not filled:
        return None
    best = _make_header([clean_header(cell) for cell in rows[filled[0]]], filled[0], count_known)
    for k in filled[1:]:
        names = [clean_header(cell) for cell in rows[k]]
        for header in _list_candidates(rows, k, names, count_known):
            if header.known >= MIN_KNOWN and _is_better(header, best):
                best = header
    return best


def _is_better(header: Header, best: Header) -> bool:
    """Whether a header knows more; two lines are also better if they name more columns."""
    if header.known != best.known or header.first == header.last:
        return header.known > best.known
    return best.first == header.first and sum(map(bool, header.names)) > sum(map(bool, best.names))


def _make_header(names: list[str], row: int, count_known: HeaderCounter) -> Header:
    return Header(names, row, row, count_known([name for name in names if name]))


def _list_candidates(
    rows: Sequence[Row], k: int, names: list[str], count_known: HeaderCounter
) -> Iterator[Header]:
    """Row k as a header, then together with the row above it."""
    yield _make_header(names, k, count_known)
    above = [clean_header(cell) for cell in rows[k - 1]]
    if is_blank(above) or any(_NUMBER.fullmatch(name) for name in names):
        return
    for combined in (_complete(above, names), _prefix_repeated(above, names)):
        yield Header(combined, k - 1, k, count_known([name for name in combined if name]))


def _complete(above: list[str], names: list[str]) -> list[str]:
    """The lower line of a header; the upper one where that is blank."""
    width = max(len(above), len(names))
    lower, upper = _pad(names, width), _pad(above, width)
    return [low or up for low, up in zip(lower, upper, strict=True)]


def _prefix_repeated(above: list[str], names: list[str]) -> list[str]:
    """As `_complete`; a lower name that stands twice follows the upper name to its left."""
    counts = Counter(name for name in names if name)
    upper, group = [], ""
    for name in _pad(above, len(names)):
        group = name or group
        upper.append(group)
    combined = _complete(above, names)
    for k, name in enumerate(names):
        if counts[name] > 1 and upper[k]:
            combined[k] = f"{upper[k]} {name}"
    return combined


def _pad(cells: list[str], width: int) -> list[str]:
    return cells + [""] * (width - len(cells))


def number_columns(width: int) -> Header:
    """The header of a table without one: columns are called 1, 2, 3 and so on."""
    return Header([str(k) for k in range(1, width + 1)], -1, -1, 0)


def check_is_header(header: Header, file: str, line: int) -> None:
    """Raise DataError ``header-is-data`` if a cell of the header is a number or a date.

    A table without a header would otherwise lose its first row. Known headers are never doubted.
    """
    if header.known or header.first < 0:
        return
    numbers = [name for name in header.names if _NUMBER.fullmatch(name)]
    if numbers:
        raise DataError("header-is-data", file=file, line=line, example=", ".join(header.names[:5]))
