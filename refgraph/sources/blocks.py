"""Delimited UTF-8 text -> columns of text, block by block, in one of two ways with the same outcome.

A block without quotes, NUL, lone CR, blank lines and faults is only split, which polars does as it stands.
Any other goes through `kernels.records`: the bytes that are no content fall away, delimiters and newlines
outside quotes become separators that no content holds, and polars splits at those. polars never sees a quote.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.errors import RefgraphError
from refgraph.kernels import records
from refgraph.model.raw import REJECTS, no_rejects

LIMIT = 1_000_000
"""Characters of the longest cell that is read."""

RAW = 2_000
"""Characters of a rejected row that are kept."""

WINDOW = 24 << 20
"""Bytes of a block; buffers of 32 MiB and more would be mapped afresh each time."""

_STRIDE = 1 << 18
_CELL, _ROW = b"\x1f", b"\x1e"
_RISKY = np.array([0x00, 0x0D, 0x1E, 0x1F], np.uint8)
"""Content that polars would cut or strip, and NUL: each is written as NUL and itself + _SHIFT."""
_SHIFT = 64
_ESCAPED = {bytes([byte]): bytes([0, byte + _SHIFT]) for byte in _RISKY.tolist()}

Bytes = np.ndarray[tuple[int], np.dtype[np.uint8]]
Integers = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True)
class Block:
    """Some rows of a text.

    frame: columns c0, c1 ..., all pl.String, an empty cell null.
    lines: the line on which each row of `frame` begins, from 1.
    rejects: rows at fault, columns REJECTS, `file` null.
    end, line: offset and line where the next block begins.
    """

    frame: pl.DataFrame
    lines: Integers
    rejects: pl.DataFrame
    end: int
    line: int


def blocks(text: memoryview, at: int, line: int, delimiter: str, width: int) -> Iterator[Block]:
    """The rows of `text` (read-only UTF-8, no newline at its end) from offset `at` on, which is on `line`.

    delimiter: one ASCII character. width: cells that a sound row has, at least 1.
    """
    while at < len(text):
        block = _even(text, at, line, delimiter, width) or _marked(text, at, line, delimiter, width)
        yield block
        at, line = block.end, block.line


def header(text: memoryview, delimiter: str) -> tuple[list[str] | str, int, int]:
    """Cells of the first row, or the name of its fault; offset of what follows; line of that or the fault."""
    at, line, size = 0, 1, 1 << 16
    while at < len(text):
        found = _mark(text[at:], line, delimiter, 0, 1, size)
        at, line, size = at + len(found.marks), found.line, min(size * 4, WINDOW)
        if len(found.faults):
            return records.FAULTS[int(found.faults[0, 3])], at, int(found.faults[0, 2])
        if len(found.lines):
            cells = b"".join(_rewritten(found.text, found.marks, 1)[0]).removesuffix(_ROW).split(_CELL)
            return [_plain(cell).decode() for cell in cells], at, line
    return [], at, line


def _even(text: memoryview, at: int, line: int, delimiter: str, width: int) -> Block | None:
    """The block at `at`, ended by the last newline in reach, if all its rows are sound and plain to split."""
    last = at + WINDOW >= len(text)
    end = len(text) if last else _after_newline(text, at, at + WINDOW)
    piece = b"".join((_names(width, delimiter, "\n"), text[at:end], b"\n" if last else b""))
    if end == at or b'"' in piece or b"\0" in piece:
        return None
    piece = piece.replace(b"\r\n", b"\n") if b"\r" in piece else piece
    if b"\r" in piece:
        return None
    rows = _even_rows(piece, ord(delimiter), width) - 1
    if rows < 0:
        return None
    lines = np.arange(line, line + rows, dtype=np.int64)
    return Block(_split(piece, delimiter, "\n", (rows, width)), lines, no_rejects(), end, line + rows)


def _after_newline(text: memoryview, at: int, end: int) -> int:
    """Offset after the last LF of the _STRIDE bytes before `end`; `at` when there is none."""
    tail = max(at, end - _STRIDE)
    found = bytes(text[tail:end]).rfind(b"\n")
    return at if found < 0 else tail + found + 1


def _even_rows(piece: bytes, delimiter: int, width: int) -> int:
    """Rows of `piece` (it ends with LF) if all have `width` cells and none is blank or too long; else -1."""
    content = np.frombuffer(piece, np.uint8)
    at, end, rows = 0, 0, 0
    while end < len(piece):  # in strides that stay in the cache of the processor
        end = piece.rfind(b"\n", at, at + _STRIDE) + 1 or piece.find(b"\n", at) + 1
        newline = content[at:end] == 10
        ends = np.flatnonzero(newline | (content[at:end] == delimiter))
        if end - at > LIMIT or len(ends) % width:
            return -1
        kinds = newline[ends].reshape(-1, width)
        if not kinds[:, -1].all() or np.count_nonzero(kinds) != len(kinds):
            return -1
        if width == 1 and (ends[0] == 0 or (np.diff(ends) == 1).any()):
            return -1
        at, rows = end, rows + len(kinds)
    return rows


@dataclass(frozen=True)
class _Found:
    """What `records.mark_records` says of the bytes of `text`; `line` is that of the byte after them."""

    text: Bytes
    marks: Bytes
    lines: Integers
    faults: np.ndarray[tuple[int, int], np.dtype[np.int64]]
    line: int


def _mark(text: memoryview, line: int, delimiter: str, width: int, most: int, size: int) -> _Found:
    """Read at most `most` rows from the beginning of `text`: its first `size` bytes, or more if need be."""
    while True:
        window = text[:size]
        content = np.frombuffer(window, np.uint8)
        room = int(np.count_nonzero((content == 10) | (content == 13))) + 1
        marks = np.zeros(len(content), np.uint8)
        lines, faults = np.empty(room, np.int64), np.empty(room * records.FAULT, np.int64)
        end, next_line, rows, bad = records.mark_records(
            window, size >= len(text), line, ord(delimiter), width, LIMIT, most, marks, lines, faults
        )
        if end > 0:
            kept = faults.reshape(-1, records.FAULT)[:bad].copy()
            return _Found(content[:end], marks[:end], lines[:rows].copy(), kept, next_line)
        size *= 2


def _marked(text: memoryview, at: int, line: int, delimiter: str, width: int) -> Block:
    found = _mark(text[at:], line, delimiter, width, WINDOW, WINDOW)
    frame = _frame(found.text, found.marks, len(found.lines), width)
    return Block(frame, found.lines, _rejects(found, width), at + len(found.marks), found.line)


def _rejects(found: _Found, width: int) -> pl.DataFrame:
    """The rows at fault, with their raw text: the spans are marked as rows of one cell and read as such."""
    begin, stop, line, fault, cells = np.ascontiguousarray(found.faults.T)
    if not len(begin):
        return no_rejects()
    edges = np.zeros(len(found.marks) + 1, np.int8)
    edges[begin], edges[stop] = 1, -1
    marks = np.where(np.cumsum(edges[:-1], dtype=np.int8) > 0, records.KEEP, records.DROP).astype(np.uint8)
    marks[stop[stop < len(marks)]] = records.ROW
    raw = _frame(found.text, marks, len(begin), 1).to_series()
    long = raw.str.len_chars() > RAW
    rejects = pl.DataFrame({"line": line, "fault": fault, "cells": cells, "raw": raw, "long": long})
    name = pl.col("fault").replace_strict(dict(enumerate(records.FAULTS)), return_dtype=pl.String)
    ragged = pl.col("fault") == records.RAGGED
    return rejects.select(
        pl.lit(None, pl.String).alias("file"),
        "line",
        name.alias("code"),
        pl.lit(None, pl.String).alias("column"),
        pl.when(ragged).then(pl.concat_str("cells", pl.lit(f"/{width}"))).alias("value"),
        pl.when("long").then(pl.col("raw").str.head(RAW) + "\u2026").otherwise("raw").alias("raw"),
    ).cast(REJECTS)  # type: ignore[arg-type]


def _frame(text: Bytes, marks: Bytes, rows: int, width: int) -> pl.DataFrame:
    """The `rows` rows of `width` cells that the marks describe."""
    content, escaped = _rewritten(text, marks, rows)
    names = _names(width, _CELL.decode(), _ROW.decode())
    frame = _split(b"".join((names, *content)), _CELL.decode(), _ROW.decode(), (rows, width))
    if not escaped:
        return frame
    old, new = [to.decode() for to in _ESCAPED.values()], [of.decode() for of in _ESCAPED]
    return frame.with_columns(pl.all().str.replace_many(old, new))


def _rewritten(text: Bytes, marks: Bytes, rows: int) -> tuple[list[bytes], bool]:
    """The content, with a _CELL between cells and a _ROW after rows, in pieces; whether any was escaped."""
    pieces, escaped = [], False
    for at in range(0, len(text), _STRIDE):  # in strides that stay in the cache of the processor
        mark = marks[at : at + _STRIDE]
        kept = mark != records.DROP
        out, mark = text[at : at + _STRIDE][kept], mark[kept]
        control = np.flatnonzero((out < 32) & (mark == records.KEEP))
        risky = control[np.isin(out[control], _RISKY)] if len(control) else control
        np.putmask(out, mark == records.CELL, _CELL[0])
        ends = mark == records.ROW
        np.putmask(out, ends, _ROW[0])
        rows -= int(np.count_nonzero(ends))
        if len(risky):
            out[risky] += _SHIFT
            out, escaped = np.insert(out, risky, 0), True
        pieces.append(out.tobytes())
    return [*pieces, _ROW * rows], escaped  # the last row of a file may end without a newline


def _plain(cell: bytes) -> bytes:
    for of, to in _ESCAPED.items():
        cell = cell.replace(to, of)
    return cell


def _names(width: int, separator: str, end: str) -> bytes:
    """A line of column names; else polars would take U+FEFF at the start of a block for a byte order mark."""
    return (separator.join(f"c{i}" for i in range(width)) + end).encode()


def _split(content: bytes, separator: str, end: str, shape: tuple[int, int]) -> pl.DataFrame:
    """`content`, led by column names, cut at `separator` and `end` alone; an empty cell is null."""
    frame = pl.read_csv(content, separator=separator, eol_char=end, quote_char=None, infer_schema=False)
    if frame.shape != shape:
        raise RefgraphError("rows-differ", found=frame.height, expected=shape[0])
    return frame
