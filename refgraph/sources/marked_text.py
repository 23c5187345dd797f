"""Delimited text of any kind: each byte is marked as content, end of a cell, end of a row or none.

`kernels.records` marks the bytes by the grammar. Bytes that are no content are then dropped,
delimiters and newlines outside quotes become separators that no content holds, and polars splits
the text at those.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.errors import RefgraphError
from refgraph.kernels import records
from refgraph.model.raw import (
    MAX_CELL_CHARS,
    MAX_ROW_BYTES,
    REJECTS_SCHEMA,
    make_empty_rejects,
    shorten_raw_text,
)

_STRIDE = 1 << 18
"""Bytes rewritten together: they stay in the processor's cache."""
_CELL_END, _ROW_END = b"\x1f", b"\x1e"
_RISKY_BYTES = np.array([0x00, 0x0D, 0x1E, 0x1F], np.uint8)
"""Content that polars would cut or strip, and NUL; each is written as NUL and byte + shift."""
_ESCAPE_SHIFT = 64
_ESCAPES = {bytes([byte]): bytes([0, byte + _ESCAPE_SHIFT]) for byte in _RISKY_BYTES.tolist()}

Bytes = np.ndarray[tuple[int], np.dtype[np.uint8]]
Integers = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True, kw_only=True)
class MarkedText:
    """The outcome of `kernels.records.mark_records`.

    text, marks: uint8, the bytes and what each of them is.
    lines: int64, the line of each sound row. faults: int64[k, FAULT_SIZE], one per faulty row.
    line: the line of the byte after `text`.
    """

    text: Bytes
    marks: Bytes
    lines: Integers
    faults: np.ndarray[tuple[int, int], np.dtype[np.int64]]
    line: int


class RowTooLongError(Exception):
    """A row is longer than `MAX_ROW_BYTES`. line: where it begins."""

    def __init__(self, line: int) -> None:
        self.line = line


def mark_text(
    text: memoryview, line: int, delimiter: str, *, width: int, max_rows: int, size: int
) -> MarkedText:
    """Mark at most `max_rows` rows from the beginning of `text`, which is on `line`.

    width: cells of a sound row, 0 = any number. size: bytes to look at; more if a row is longer.
    Raises RowTooLongError, so that no file can make it look at all its bytes at once.
    """
    while True:
        window = text[:size]
        content = np.frombuffer(window, np.uint8)
        max_lines = int(np.count_nonzero((content == 10) | (content == 13))) + 1
        marks = np.zeros(len(content), np.uint8)
        lines = np.empty(max_lines, np.int64)
        faults = np.empty(max_lines * records.FAULT_SIZE, np.int64)
        end, next_line, row_count, fault_count = records.mark_records(
            window,
            size >= len(text),
            line,
            ord(delimiter),
            width,
            MAX_CELL_CHARS,
            max_rows,
            marks,
            lines,
            faults,
        )
        if end > 0:
            return MarkedText(
                text=content[:end],
                marks=marks[:end],
                lines=lines[:row_count].copy(),
                faults=faults.reshape(-1, records.FAULT_SIZE)[:fault_count].copy(),
                line=next_line,
            )
        if size > MAX_ROW_BYTES:
            raise RowTooLongError(line)
        size *= 2


def split_rows(marked: MarkedText) -> list[list[str]]:
    """The cells of each sound row."""
    pieces, _ = _rewrite_content(marked.text, marked.marks, len(marked.lines))
    rows = b"".join(pieces).split(_ROW_END)[:-1]
    return [[_unescape_cell(cell).decode() for cell in row.split(_CELL_END)] for row in rows]


def build_frame(text: Bytes, marks: Bytes, rows: int, width: int) -> pl.DataFrame:
    """The `rows` rows of `width` cells that the marks describe; an empty cell is null."""
    pieces, has_escapes = _rewrite_content(text, marks, rows)
    separators = _CELL_END.decode(), _ROW_END.decode()
    header = make_header_line(width, *separators)
    frame = split_text(b"".join((header, *pieces)), *separators, (rows, width))
    if not has_escapes:
        return frame
    escaped = [escape.decode() for escape in _ESCAPES.values()]
    plain = [byte.decode() for byte in _ESCAPES]
    return frame.with_columns(pl.all().str.replace_many(escaped, plain))


def build_rejects(marked: MarkedText, width: int) -> pl.DataFrame:
    """The faulty rows, columns `REJECTS_SCHEMA`, with their raw text; `file` is null."""
    if not len(marked.faults):
        return make_empty_rejects()
    start, stop, line, fault, cells = np.ascontiguousarray(marked.faults.T)
    raw = _cut_spans(marked, start, stop)
    rows = pl.DataFrame({"line": line, "fault": fault, "cells": cells, "raw": raw})
    fault_names = dict(enumerate(records.FAULT_NAMES))
    cells_found = pl.concat_str("cells", pl.lit(f"/{width}"))
    is_ragged = pl.col("fault") == records.RAGGED_ROW
    return rows.select(
        file=pl.lit(None, pl.String),
        line="line",
        code=pl.col("fault").replace_strict(fault_names, return_dtype=pl.String),
        column=pl.lit(None, pl.String),
        value=pl.when(is_ragged).then(cells_found),
        raw=shorten_raw_text(pl.col("raw")),
        loss=pl.lit("row"),
        at=pl.lit(None),
    ).cast(REJECTS_SCHEMA)  # type: ignore[arg-type]


def _cut_spans(marked: MarkedText, start: Integers, stop: Integers) -> pl.Series:
    """The text of each span start .. stop - 1: spans are marked, and read, as rows of one cell."""
    edges = np.zeros(len(marked.marks) + 1, np.int8)
    edges[start], edges[stop] = 1, -1
    is_inside = np.cumsum(edges[:-1], dtype=np.int8) > 0
    marks = np.where(is_inside, records.KEEP, records.DROP).astype(np.uint8)
    marks[stop[stop < len(marks)]] = records.ROW
    return build_frame(marked.text, marks, len(start), 1).to_series()


def _rewrite_content(text: Bytes, marks: Bytes, rows: int) -> tuple[list[bytes], bool]:
    """The content in pieces, and whether any byte was escaped.

    Cells are separated by `_CELL_END`, and each of the `rows` rows ends with `_ROW_END`.
    """
    pieces, has_escapes = [], False
    for start in range(0, len(text), _STRIDE):
        mark = marks[start : start + _STRIDE]
        is_kept = mark != records.DROP
        content, mark = text[start : start + _STRIDE][is_kept], mark[is_kept]
        risky = np.flatnonzero((content < 32) & (mark == records.KEEP))
        if len(risky):
            risky = risky[np.isin(content[risky], _RISKY_BYTES)]
        np.putmask(content, mark == records.CELL, _CELL_END[0])
        ends_row = mark == records.ROW
        np.putmask(content, ends_row, _ROW_END[0])
        rows -= int(np.count_nonzero(ends_row))
        if len(risky):
            content[risky] += _ESCAPE_SHIFT
            content, has_escapes = np.insert(content, risky, 0), True
        pieces.append(content.tobytes())
    pieces.append(_ROW_END * rows)  # the last row of a file may end without a newline
    return pieces, has_escapes


def _unescape_cell(cell: bytes) -> bytes:
    for byte, escape in _ESCAPES.items():
        cell = cell.replace(escape, byte)
    return cell


def make_header_line(width: int, separator: str, end: str) -> bytes:
    """A line of column names c0, c1 ...

    Without it, polars takes U+FEFF at the start of a block for a byte order mark.
    """
    return (separator.join(f"c{i}" for i in range(width)) + end).encode()


def split_text(content: bytes, separator: str, end: str, shape: tuple[int, int]) -> pl.DataFrame:
    """`content`, which begins with column names, cut at `separator` and `end` alone.

    shape: rows and columns that must come out; else RefgraphError ``rows-differ``.
    """
    frame = pl.read_csv(
        content, separator=separator, eol_char=end, quote_char=None, infer_schema=False
    )
    if frame.shape != shape:
        raise RefgraphError("rows-differ", found=frame.height, expected=shape[0])
    return frame
