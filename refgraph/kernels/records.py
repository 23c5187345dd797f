"""Delimited text as records: which bytes end a cell or a row, which are dropped, and which rows are
faulty.

The grammar is RFC 4180 (https://www.rfc-editor.org/rfc/rfc4180), widened to the newlines found in
practice:

* a newline is LF, CR or CRLF, in any mixture; an empty line is no row;
* a cell whose first byte is `"` is quoted: delimiters and newlines inside belong to it, `""` stands
  for one quote, and the closing quote is followed by a delimiter, a newline or the end;
* in any other cell a quote is an ordinary character;
* empty cells beyond the last column are none: spreadsheets end rows with spare delimiters.

After a quoting fault only the line that opened the quote is rejected, and reading resumes at the
next line. So one missing quote costs one row, and the time stays linear: between an opening quote
and the byte that proves it unclosed all quotes are doubled, and doubled quotes open nothing when
those lines are read again.
"""

from refgraph.kernels.arrays import Bytes, Int64
from refgraph.kernels.compilation import kernel, subroutine

KEEP, DROP, CELL, ROW = 0, 1, 2, 3
"""What a byte is: content, no content, the delimiter after a cell, the newline after a row."""

NUL_CHARACTER, FIELD_TOO_LONG, RAGGED_ROW, UNCLOSED_QUOTE, STRAY_QUOTE = 1, 2, 3, 4, 5
FAULT_NAMES = ("", "nul-character", "field-too-long", "ragged-row", "unclosed-quote", "stray-quote")
"""Names of the faults. A row with several gets the first of these: quoting, NUL, length, number of
cells.
"""

FAULT_SIZE = 5
"""Numbers stored per fault: offset of the first byte, offset after the last, line, fault, cells
found.
"""

_QUOTE, _LF, _CR = 34, 10, 13


@subroutine
def _measure_newline(data: memoryview, i: int) -> int:
    """Length of the newline at offset i: 2 (CRLF), 1, or 0 if there is none."""
    n = len(data)
    if i >= n or (data[i] != _LF and data[i] != _CR):
        return 0
    return 2 if data[i] == _CR and i + 1 < n and data[i + 1] == _LF else 1


@subroutine
def _scan_bare_cell(data: memoryview, i: int, delimiter: int) -> tuple[int, bool]:
    """Offset of the end of the unquoted cell that begins at i, and whether the cell holds a NUL."""
    n = len(data)
    nul = False
    while i < n:
        byte = data[i]
        if byte == delimiter or byte == _LF or byte == _CR:  # noqa: SIM109  (compiled)
            break
        if byte == 0:
            nul = True
        i += 1
    return i, nul


@subroutine
def _find_line_end(data: memoryview, i: int) -> int:
    """Offset of the first newline from i on, or of the end."""
    n = len(data)
    while i < n and data[i] != _LF and data[i] != _CR:
        i += 1
    return i


@subroutine
def _count_characters(data: memoryview, i: int, end: int) -> int:
    """Number of characters of the UTF-8 text in i .. end - 1."""
    count = 0
    while i < end:
        if data[i] & 0xC0 != 0x80:
            count += 1
        i += 1
    return count


@subroutine
def _scan_quoted_cell(
    data: memoryview, i: int, limit: int, marks: Bytes
) -> tuple[int, bool, int, int, int, bool]:
    """Scan the quoted cell whose opening quote is at i, and mark its quotes as dropped.

    Returns: offset after the closing quote, or where the search gave up; whether it was closed;
    newlines inside; offset of the first of them, or -1; characters; whether there was a NUL. The
    search gives up when a cell of several lines has grown longer than `limit` characters.
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
        elif byte == _LF or byte == _CR:  # noqa: SIM109  (compiled)
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


@subroutine
def _scan_record(
    data: memoryview, i: int, line: int, delimiter: int, limit: int, marks: Bytes
) -> tuple[int, int, int, int, int, int]:
    """Scan the row that begins at i, on `line`.

    Returns: offset after its last byte, without the newline; the furthest offset looked at; the
    line of that byte; the line to report; number of cells; the fault, 0 for none (the number of
    cells is not checked here).
    """
    n = len(data)
    first, cells, nul, too_long = line, 0, False, False
    while True:
        cells += 1
        if i < n and data[i] == _QUOTE:
            opened = line
            i, closed, breaks, broken_at, size, zero = _scan_quoted_cell(data, i, limit, marks)
            if not closed or (i < n and data[i] != delimiter and _measure_newline(data, i) == 0):
                if breaks > 0:
                    return broken_at, i, opened, opened, cells, UNCLOSED_QUOTE
                i = _find_line_end(data, i)
                if closed:
                    return i, i, opened, first, cells, STRAY_QUOTE
                return i, i, opened, opened, cells, UNCLOSED_QUOTE
            line += breaks
        else:
            cell = i
            i, zero = _scan_bare_cell(data, i, delimiter)
            size = i - cell
            if size > limit:
                size = _count_characters(data, cell, i)
        nul = nul or zero
        too_long = too_long or size > limit
        if i >= n or data[i] != delimiter:
            fault = FIELD_TOO_LONG if too_long else 0
            if nul:
                fault = NUL_CHARACTER
            return i, i, line, first, cells, fault
        marks[i] = CELL
        i += 1


@subroutine
def _record_fault(
    faults: Int64, number: int, start: int, stop: int, line: int, fault: int, cells: int
) -> None:
    """Write the FAULT_SIZE numbers of one bad row."""
    base = number * FAULT_SIZE
    faults[base] = start
    faults[base + 1] = stop
    faults[base + 2] = line
    faults[base + 3] = fault
    faults[base + 4] = cells


@subroutine
def _mark_row_end(marks: Bytes, stop: int, after: int) -> None:
    """Mark the newline in stop .. after - 1, if any: its first byte ends a row."""
    marks[stop:after] = DROP
    if after > stop:
        marks[stop] = ROW


@subroutine
def _fit_width(marks: Bytes, start: int, stop: int, cells: int, width: int) -> bool:
    """Whether a row has `width` cells (0 = any), empty ones at its end dropped if need be."""
    if width == 0 or cells <= width:
        return width == 0 or cells == width
    i, extra = stop - 1, cells - width
    while i >= start and extra > 0 and (marks[i] == CELL or marks[i] == DROP):
        if marks[i] == CELL:
            extra -= 1
        i -= 1
    if extra == 0:
        marks[i + 1 : stop] = DROP
    return extra == 0


@kernel(
    steps=lambda data, final, line, delimiter, width, limit, most, marks, lines, faults: len(data)
)
def mark_records(
    data: memoryview,
    final: bool,
    line: int,
    delimiter: int,
    width: int,
    limit: int,
    most: int,
    marks: Bytes,
    lines: Int64,
    faults: Int64,
) -> tuple[int, int, int, int]:
    """Mark every byte of `data`, read-only UTF-8 text that begins with a row.

    final: whether the text ends with `data`; if not, a row of uncertain end is left unread.
    line: number of the first line. delimiter: its byte. width: cells of a sound row (0 = any).
    limit: most characters of a cell. most: rows, good or bad, after which to stop.
    marks: uint8[len(data)] of zeros, receives KEEP, DROP, CELL or ROW for each byte read.
    lines: int64[], receives the first line of each good row.
    faults: int64[], receives FAULT_SIZE numbers for each bad row, all of it marked DROP.
    Both need room for one row more than there are newlines.
    Returns (offset of the first byte not read, its line, number of good rows, of bad rows).
    """
    n = len(data)
    i, rows, bad = 0, 0, 0
    while i < n and rows + bad < most:
        stop, reached, last, first, cells, fault = i, i, line, line, 0, 0
        blank = _measure_newline(data, i) > 0
        if not blank:
            stop, reached, last, first, cells, fault = _scan_record(
                data, i, line, delimiter, limit, marks
            )
        if fault == 0 and not _fit_width(marks, i, stop, cells, width):
            fault = RAGGED_ROW
        after = stop + _measure_newline(data, stop)
        if not final and (after >= n or reached >= n):
            break
        if blank:
            marks[i:after] = DROP
        elif fault == 0:
            _mark_row_end(marks, stop, after)
            lines[rows] = first
            rows += 1
        else:
            marks[i:after] = DROP
            marks[after:reached] = KEEP
            _record_fault(faults, bad, i, stop, first, fault, cells)
            bad += 1
        line = last + (1 if after > stop else 0)
        i = after
    return i, line, rows, bad
