"""The first rows of delimited text: what separates cells, and where header and rows begin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from refgraph.errors import DataError
from refgraph.sources import blocks
from refgraph.sources.assembly import LocatedHeader, locate_header
from refgraph.sources.layout import MAX_HEAD_ROWS
from refgraph.sources.options import Dialect

_SEPARATOR_LINE = re.compile(rb'"?sep=([^\w\s"]|\t)"?(?:\r\n?|\n)', re.IGNORECASE)
"""What Excel writes and reads above the header: the character between cells."""
_SEPARATOR_LINE_BYTES = 16


class TextHead(NamedTuple):
    """The header of a text, what separates its cells, and where the rows below it begin."""

    located: LocatedHeader
    separator: str
    end: blocks.Position


def read_text_head(
    text: memoryview,
    file: str,
    separators: Sequence[str],
    dialect: Dialect,
) -> TextHead:
    """The head by the separator that makes most headers known, of equals the first.

    A line ``sep=;`` declares it if several are possible. Raises the fault of the first one if no
    other makes any header known.
    """
    declared = _SEPARATOR_LINE.match(text[:_SEPARATOR_LINE_BYTES])
    if declared and len(separators) > 1:
        separators = [declared[1].decode()]
    start = blocks.Position(declared.end(), 2) if declared else blocks.Position(0, 1)
    head_bytes = bytes(text[: blocks.HEADER_BYTES])
    best: TextHead | None = None
    fault: DataError | None = None
    for separator in separators:
        if separator != separators[0] and separator.encode() not in head_bytes:
            continue
        try:
            head = _locate(text, start, file, separator, dialect)
        except DataError as error:
            fault = fault or error
            continue
        known = head.located.header.known
        if known > (best.located.header.known if best else 0) or separator == separators[0]:
            best = head
    if best is None:
        assert fault is not None
        raise fault
    return best


def _locate(
    text: memoryview,
    start: blocks.Position,
    file: str,
    separator: str,
    dialect: Dialect,
) -> TextHead:
    """The head if cells are separated by `separator`. start: where the first row may begin."""
    most = max(MAX_HEAD_ROWS, dialect.header_row or 0) + 1
    head = blocks.read_head(text, start, separator, most)
    if not head.rows and head.fault == "nul-character":
        raise DataError("nul-header", file=file, line=head.fault_line)
    if not head.rows and head.fault:
        raise DataError("broken-header", file=file, line=head.fault_line, code=head.fault)
    located = locate_header(head.rows, head.lines, file, dialect.header_row, dialect.count_known)
    last = located.header.last
    return TextHead(located, separator, start if last < 0 else head.ends[last])


def count_separator_line(located: LocatedHeader, text: memoryview) -> LocatedHeader:
    """The header with a line ``sep=`` among the rows above it."""
    header = located.header
    if header.first < 0 or not _SEPARATOR_LINE.match(text[:_SEPARATOR_LINE_BYTES]):
        return located
    header = header._replace(first=header.first + 1, last=header.last + 1)
    return replace(located, header=header, above=[["sep="], *located.above])
