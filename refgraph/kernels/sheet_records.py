"""How far the cells of a binary workbook reach, counted before a library lays them out.

A library lays out all cells between the first and the last one, so one damaged row number would
fill the memory. Layouts: Microsoft, [MS-XLS] (BIFF8) and [MS-XLSB] (BIFF12).
"""

import numpy as np

from refgraph.kernels.arrays import Bytes, Int64
from refgraph.kernels.compilation import kernel, subroutine

_FIRST_ROW, _LAST_ROW, _FIRST_COLUMN, _LAST_COLUMN, _CELLS = 0, 1, 2, 3, 4
_NOWHERE = 1 << 40


@subroutine
def _reset(extent: Int64) -> None:
    """No cell yet."""
    extent[0], extent[1], extent[2], extent[3], extent[4] = _NOWHERE, -1, _NOWHERE, -1, 0


@subroutine
def _add_cell(extent: Int64, row: int, column: int) -> None:
    """Widen an extent by a cell."""
    extent[_FIRST_ROW] = min(extent[_FIRST_ROW], row)
    extent[_LAST_ROW] = max(extent[_LAST_ROW], row)
    extent[_FIRST_COLUMN] = min(extent[_FIRST_COLUMN], column)
    extent[_LAST_COLUMN] = max(extent[_LAST_COLUMN], column)
    extent[_CELLS] += 1


@subroutine
def _keep_larger(extent: Int64, largest: Int64) -> None:
    """Put the extent in place of the largest sheet so far if it has more cells, empty ones too."""
    if extent[_CELLS] == 0:
        return
    rows = extent[_LAST_ROW] - extent[_FIRST_ROW] + 1
    columns = extent[_LAST_COLUMN] - extent[_FIRST_COLUMN] + 1
    if rows * columns > largest[0] * largest[1]:
        largest[0], largest[1], largest[2] = rows, columns, extent[_CELLS]


@subroutine
def _read_word(data: Bytes, i: int) -> int:
    return int(data[i]) | int(data[i + 1]) << 8


@kernel(steps=lambda data: len(data))
def measure_biff8(data: Bytes) -> Int64:
    """Rows, columns and filled cells of the largest sheet of the stream of an xls workbook.

    Returns int64[3], zeros if there is no cell.
    """
    largest, extent = np.zeros(3, np.int64), np.zeros(5, np.int64)
    _reset(extent)
    i, n = 0, len(data)
    while i + 4 <= n:
        kind, size = _read_word(data, i), _read_word(data, i + 2)
        i += 4
        if kind == 0x809:  # a sheet begins
            _keep_larger(extent, largest)
            _reset(extent)
        is_cell = kind == 0x06 or kind == 0xBD or kind == 0xFD or kind == 0x27E  # noqa: PLR1714
        is_cell = is_cell or kind == 0xBE or 0x201 <= kind <= 0x205
        if is_cell and size >= 6 and i + size <= n:
            row, column = _read_word(data, i), _read_word(data, i + 2)
            _add_cell(extent, row, column)
            if kind == 0xBD or kind == 0xBE:  # noqa: PLR1714  (several cells; the last column)
                last = max(_read_word(data, i + size - 2), column)
                _add_cell(extent, row, last)
                extent[_CELLS] += max(last - column - 1, 0)
        i += size
    _keep_larger(extent, largest)
    return largest


@kernel(steps=lambda data: len(data))
def measure_biff12(data: Bytes) -> Int64:
    """Rows, columns and filled cells of a sheet of an xlsb workbook.

    Returns int64[3], zeros if there is no cell.
    """
    largest, extent = np.zeros(3, np.int64), np.zeros(5, np.int64)
    _reset(extent)
    i, n, row = 0, len(data), 0
    while i + 2 <= n:
        kind = int(data[i])
        i += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (int(data[i]) & 0x7F) << 7
            i += 1
        size, shift = 0, 0
        while i < n and shift < 28:
            byte = int(data[i])
            size |= (byte & 0x7F) << shift
            i += 1
            shift += 7
            if byte & 0x80 == 0:
                break
        if size >= 4 and i + 4 <= n:
            number = _read_word(data, i) | _read_word(data, i + 2) << 16
            if kind == 0:
                row = number
            elif kind <= 11 or kind == 62:
                _add_cell(extent, row, number)
        i += size
    _keep_larger(extent, largest)
    return largest
