"""Delimited text as records: which bytes end a cell or a row, which fall away, and which rows are at fault.

The grammar is RFC 4180 (https://www.rfc-editor.org/rfc/rfc4180), widened to the newlines found in practice:

* a newline is LF, CR or CRLF, mixed as they come; a line without any byte is no row;
* a cell whose first byte is `"` is quoted: delimiters and newlines within belong to it, `""` stands for one
  quote, and the closing quote is followed by a delimiter, a newline or the end;
* in any other cell a quote is a character like others.

After a fault in the quoting only the line that opened the quote is set aside and reading resumes at the next
line. So one missing quote costs one row, and the time stays linear: between an opening quote and the place
where it proves never to be closed all quotes are doubled, and doubled quotes open nothing when those lines
are read again.
"""

import numpy as np
import numpy.typing as npt

from refgraph.kernels.arrays import Int64
from refgraph.kernels.compile import Arguments, kernel

Marks = npt.NDArray[np.uint8]

KEEP, DROP, CELL, ROW = 0, 1, 2, 3
"""What a byte is: content, no content, the delimiter after a cell, the newline after a row."""

NUL, TOO_LONG, RAGGED, UNCLOSED, STRAY = 1, 2, 3, 4, 5
FAULTS = ("", "nul-character", "field-too-long", "ragged-row", "unclosed-quote", "stray-quote")
"""Names of the faults. A row with several has the first of these: quoting, NUL, length, number of cells."""

FAULT = 5
"""Numbers kept of each fault: offset of the first byte, offset after the last, line, fault, cells found."""

_QUOTE, _LF, _CR = 34, 10, 13


def _example() -> memoryview:
    return memoryview(b'a,"b"\n')


def _outputs() -> Arguments:
    return np.zeros(6, np.uint8), np.zeros(2, np.int64), np.zeros(10, np.int64)


@kernel(steps=lambda data, i: 2, warm=lambda: (_example(), 0))
def _newline(data: memoryview, i: int) -> int:
    """Bytes of the newline at offset i: 2 (CRLF), 1, or 0 when there is none."""
    n = len(data)
    if i >= n or (data[i] != _LF and data[i] != _CR):
        return 0
    return 2 if data[i] == _CR and i + 1 < n and data[i + 1] == _LF else 1


@kernel(steps=lambda data, i, delimiter: len(data) - i, warm=lambda: (_example(), 0, 44))
def _bare(data: memoryview, i: int, delimiter: int) -> tuple[int, bool]:
    """Where the unquoted cell that begins at i ends, and whether it holds a NUL."""
    n = len(data)
    nul = False
    while i < n:
        byte = data[i]
        if byte == delimiter or byte == _LF or byte == _CR:
            break
        if byte == 0:
            nul = True
        i += 1
    return i, nul


@kernel(steps=lambda data, i: len(data) - i, warm=lambda: (_example(), 0))
def _line_end(data: memoryview, i: int) -> int:
    """Offset of the first newline from i on, else of the end."""
    n = len(data)
    while i < n and data[i] != _LF and data[i] != _CR:
        i += 1
    return i


@kernel(steps=lambda data, i, end: end - i, warm=lambda: (_example(), 0, 1))
def _characters(data: memoryview, i: int, end: int) -> int:
    """Characters of the UTF-8 text in i .. end - 1."""
    count = 0
    while i < end:
        if data[i] & 0xC0 != 0x80:
            count += 1
        i += 1
    return count


@kernel(steps=lambda data, i, limit, marks: len(data) - i, warm=lambda: (_example(), 2, 9, _outputs()[0]))
def _quoted(data: memoryview, i: int, limit: int, marks: Marks) -> tuple[int, bool, int, int, int, bool]:
    """Follow the quoted cell whose opening quote is at i, and mark its quotes to be dropped.

    Returns: offset after the closing quote, or where the search was given up; whether it was closed; newlines
    within; offset of the first of these, else -1; characters; whether there was a NUL. The search ends early
    when a cell of several lines has grown longer than `limit` characters.
    """
    n = len(data)
    marks[i] = DROP
    i += 1
    breaks, first, size, nul = 0, -1, 0, False
    while i < n and (size <= limit or first < 0):
        byte = data[i]
        if byte == _QUOTE:
            marks[i] = DROP
            if i + 1 >= n or data[i + 1] != _QUOTE:
                return i + 1, True, breaks, first, size, nul
            i += 1
        elif byte == _LF or byte == _CR:
            if first < 0:
                first = i
            if byte == _CR and i + 1 < n and data[i + 1] == _LF:
                i += 1
                size += 1
            breaks += 1
        elif byte == 0:
            nul = True
        if byte & 0xC0 != 0x80:
            size += 1
        i += 1
    return i, False, breaks, first, size, nul


@kernel(
    steps=lambda data, i, line, delimiter, limit, marks: len(data) - i,
    warm=lambda: (_example(), 0, 1, 44, 9, _outputs()[0]),
)
def _record(
    data: memoryview, i: int, line: int, delimiter: int, limit: int, marks: Marks
) -> tuple[int, int, int, int, int, int]:
    """Follow the row that begins at i, on `line`.

    Returns: offset after its last byte, newline not counted; the furthest offset looked at; the line of that
    byte; the line to report; cells; the fault, 0 for none (their number is not judged).
    """
    n = len(data)
    first, cells, nul, too_long = line, 0, False, False
    while True:
        cells += 1
        if i < n and data[i] == _QUOTE:
            opened = line
            i, closed, breaks, broken_at, size, zero = _quoted(data, i, limit, marks)
            if not closed or (i < n and data[i] != delimiter and _newline(data, i) == 0):
                if breaks > 0:
                    return broken_at, i, opened, opened, cells, UNCLOSED
                i = _line_end(data, i)
                return i, i, opened, first if closed else opened, cells, STRAY if closed else UNCLOSED
            line += breaks
        else:
            cell = i
            i, zero = _bare(data, i, delimiter)
            size = i - cell
            if size > limit:
                size = _characters(data, cell, i)
        nul = nul or zero
        too_long = too_long or size > limit
        if i >= n or data[i] != delimiter:
            return i, i, line, first, cells, NUL if nul else TOO_LONG if too_long else 0
        marks[i] = CELL
        i += 1


@kernel(
    steps=lambda data, final, line, delimiter, width, limit, most, marks, lines, faults: len(data),
    warm=lambda: (_example(), True, 1, 44, 2, 9, 9, *_outputs()),
)
def mark_records(
    data: memoryview, final: bool, line: int, delimiter: int, width: int, limit: int, most: int,
    marks: Marks, lines: Int64, faults: Int64,
) -> tuple[int, int, int, int]:  # fmt: skip
    """Mark every byte of `data`, read-only UTF-8 text that begins at the beginning of a row.

    final: whether the text ends with `data`; if not, a row is left alone whose end cannot be told from it.
    line: number of the first line. delimiter: its byte. width: cells of a sound row (0: any number).
    limit: characters of the longest cell. most: rows, good or bad, after which to stop.
    marks: uint8[len(data)] of zeros, receives KEEP, DROP, CELL or ROW for the bytes before the offset
    returned.
    lines: int64[], receives the first line of each good row. faults: int64[], receives FAULT numbers for
    each bad one, all of whose bytes are marked DROP. They need room for as many rows as there are newlines,
    and one more.
    Returns: offset of the first byte not read, its line, number of good rows, number of bad ones.
    """
    n = len(data)
    i, rows, bad = 0, 0, 0
    while i < n and rows + bad < most:
        stop, reached, last, first, cells, fault = i, i, line, line, 0, 0
        blank = _newline(data, i) > 0
        if not blank:
            stop, reached, last, first, cells, fault = _record(data, i, line, delimiter, limit, marks)
        if fault == 0 and width > 0 and cells != width:
            fault = RAGGED
        after = stop + _newline(data, stop)
        if not final and (after >= n or reached >= n):
            break
        if blank:
            marks[i:after] = DROP
        elif fault == 0:
            marks[stop:after] = DROP
            if after > stop:
                marks[stop] = ROW
            lines[rows] = first
            rows += 1
        else:
            marks[i:after] = DROP
            marks[after:reached] = KEEP
            faults[bad * FAULT] = i
            faults[bad * FAULT + 1] = stop
            faults[bad * FAULT + 2] = first
            faults[bad * FAULT + 3] = fault
            faults[bad * FAULT + 4] = cells
            bad += 1
        line = last + (1 if after > stop else 0)
        i = after
    return i, line, rows, bad
