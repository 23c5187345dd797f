"""Delimited UTF-8 text -> columns of text, block by block, by one of two methods of equal outcome.

A block without quotes, NUL, lone CR, blank lines and faults is plain: polars splits it as it is.
Any other block is marked byte by byte first, see `sources.marked_text`. polars never sees a quote.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from refgraph.kernels import records
from refgraph.model.raw import MAX_CELL_CHARS, make_empty_rejects
from refgraph.sources.marked_text import (
    Integers,
    MarkedText,
    build_frame,
    build_rejects,
    make_header_line,
    mark_text,
    split_rows,
    split_text,
)

BLOCK_BYTES = 24 << 20
"""Bytes of a block; the allocator would map buffers of 32 MiB and more afresh each time."""

_STRIDE = 1 << 18
"""Bytes examined together: they stay in the processor's cache."""
HEADER_BYTES = 1 << 16
"""Bytes in which the header is looked for at first."""


class Position(NamedTuple):
    """A place in a text. offset: bytes from its beginning. line: the line, from 1."""

    offset: int
    line: int


class Head(NamedTuple):
    """The first rows of a text.

    rows: cells of each. lines: the line of each. ends: where the text goes on after each.
    fault, fault_line: the name and line of a faulty row that follows them, "" and 0 = none.
    """

    rows: list[list[str]]
    lines: list[int]
    ends: list[Position]
    fault: str
    fault_line: int


@dataclass(frozen=True, kw_only=True)
class Block:
    """Some rows of a text.

    frame: columns c0, c1 ..., all pl.String; an empty cell is null.
    lines: int64, the line on which each row of `frame` begins, from 1.
    rejects: faulty rows, columns `REJECTS_SCHEMA`, `file` null.
    end: where the next block begins.
    """

    frame: pl.DataFrame
    lines: Integers
    rejects: pl.DataFrame
    end: Position


def read_blocks(
    text: memoryview, offset: int, line: int, delimiter: str, width: int
) -> Iterator[Block]:
    """The rows of `text` (read-only UTF-8, no newline at its end) from `offset` on.

    line: the line of that offset. delimiter: one ASCII character. width: cells of a sound row.
    """
    start = Position(offset, line)
    while start.offset < len(text):
        block = _read_plain_block(text, start, delimiter, width)
        if block is None:
            block = _read_marked_block(text, start, delimiter, width)
        yield block
        start = block.end


def read_head(text: memoryview, start: Position, delimiter: str, most: int) -> Head:
    """The first `most` rows from `start` on, of any width, or those above a faulty row."""
    (offset, line), size = start, HEADER_BYTES
    rows, lines, ends = list[list[str]](), list[int](), list[Position]()
    while offset < len(text) and len(rows) < most:
        marked = mark_text(
            text[offset:], line, delimiter, width=0, max_rows=most - len(rows), size=size
        )
        rows += split_rows(marked)
        lines += marked.lines.tolist()
        end = Position(offset + len(marked.marks), marked.line)
        ends += _find_row_ends(marked, offset, line)
        if len(marked.faults):
            fault = marked.faults[0]
            sound = int(np.count_nonzero(marked.lines < fault[2]))
            kept = len(rows) - len(marked.lines) + sound
            name = records.FAULT_NAMES[int(fault[3])]
            return Head(rows[:kept], lines[:kept], ends[:kept], name, int(fault[2]))
        offset, line = end
        size = min(size * 4, BLOCK_BYTES)
    return Head(rows, lines, ends, "", 0)


def _find_row_ends(marked: MarkedText, offset: int, line: int) -> Iterator[Position]:
    """Where the row after each sound row may begin. offset, line: of the marked text."""
    text, marks = marked.text, marked.marks
    stops = np.flatnonzero(marks == records.ROW)
    is_pair = (text[stops] == 13) & (text[np.minimum(stops + 1, len(text) - 1)] == 10)
    afters = stops + 1 + (is_pair & (stops + 1 < len(text)))
    breaks = np.flatnonzero((text == 10) | (text == 13))
    is_second = (text[breaks] == 10) & (breaks > 0) & (text[breaks - 1] == 13)
    starts = breaks[~is_second]
    for after in afters.tolist():
        yield Position(offset + after, line + int(np.count_nonzero(starts < after)))
    for _ in range(len(marked.lines) - len(stops)):  # the last row of a file without a newline
        yield Position(offset + len(marks), marked.line)


def _read_plain_block(
    text: memoryview, start: Position, delimiter: str, width: int
) -> Block | None:
    """The block that ends with the last newline in reach; None unless all its rows are plain."""
    offset, line = start
    is_last = offset + BLOCK_BYTES >= len(text)
    end = len(text) if is_last else _find_after_newline(text, offset, offset + BLOCK_BYTES)
    if end == offset:
        return None
    header = make_header_line(width, delimiter, "\n")
    piece = b"".join((header, text[offset:end], b"\n" if is_last else b""))
    if b'"' in piece or b"\0" in piece:
        return None
    if b"\r" in piece:
        piece = piece.replace(b"\r\n", b"\n")
        if b"\r" in piece:
            return None
    frame = _split_plain_text(piece, len(header), delimiter, width)
    if frame is None:
        return None
    rows = frame.height
    return Block(
        frame=frame,
        lines=np.arange(line, line + rows, dtype=np.int64),
        rejects=make_empty_rejects(),
        end=Position(end, line + rows),
    )


def _split_plain_text(piece: bytes, start: int, delimiter: str, width: int) -> pl.DataFrame | None:
    """`piece`, whose rows follow a line of column names; None unless all rows are plain.

    start: where the rows begin. If the first row has spare empty cells, all may have as many.
    """
    spare = max(0, piece.count(delimiter.encode(), start, piece.index(b"\n", start)) + 1 - width)
    if spare:
        piece = make_header_line(width + spare, delimiter, "\n") + piece[start:]
    rows = _count_plain_rows(piece, ord(delimiter), width + spare) - 1
    if rows < 0:
        return None
    frame = split_text(piece, delimiter, "\n", (rows, width + spare))
    if any(column.null_count() < rows for column in frame.get_columns()[width:]):
        return None
    return frame[:, :width] if spare else frame


def _find_after_newline(text: memoryview, offset: int, end: int) -> int:
    """Offset after the last LF of the `_STRIDE` bytes before `end`; `offset` if there is none."""
    tail = max(offset, end - _STRIDE)
    index = bytes(text[tail:end]).rfind(b"\n")
    return offset if index < 0 else tail + index + 1


def _count_plain_rows(piece: bytes, delimiter: int, width: int) -> int:
    """Rows of `piece`, which ends with LF.

    -1 unless every row has `width` cells, and none is blank or may hold too long a cell.
    """
    content = np.frombuffer(piece, np.uint8)
    start, rows = 0, 0
    while start < len(piece):
        end = piece.rfind(b"\n", start, start + _STRIDE) + 1 or piece.find(b"\n", start) + 1
        is_newline = content[start:end] == 10
        cell_ends = np.flatnonzero(is_newline | (content[start:end] == delimiter))
        if end - start > MAX_CELL_CHARS or len(cell_ends) % width:
            return -1
        ends_row = is_newline[cell_ends].reshape(-1, width)
        if not ends_row[:, -1].all() or np.count_nonzero(ends_row) != len(ends_row):
            return -1
        if width == 1 and (cell_ends[0] == 0 or (np.diff(cell_ends) == 1).any()):
            return -1
        start, rows = end, rows + len(ends_row)
    return rows


def _read_marked_block(text: memoryview, start: Position, delimiter: str, width: int) -> Block:
    """The block of the next `BLOCK_BYTES` bytes, or of the next row if that is longer."""
    marked = mark_text(
        text[start.offset :],
        start.line,
        delimiter,
        width=width,
        max_rows=BLOCK_BYTES,
        size=BLOCK_BYTES,
    )
    return Block(
        frame=build_frame(marked.text, marked.marks, len(marked.lines), width),
        lines=marked.lines,
        rejects=build_rejects(marked, width),
        end=Position(start.offset + len(marked.marks), marked.line),
    )
