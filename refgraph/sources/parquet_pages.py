"""How large a Parquet file becomes, from the headers of its pages, before anything is expanded.

The sums in the footer may lie; the header of each page is what a reader allocates memory by. The
headers are written in Thrift's compact protocol:
https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md,
https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift.
"""

from __future__ import annotations

import mmap
from typing import Any, NamedTuple

from refgraph.errors import DataError
from refgraph.sources.compression import MAX_GROWTH, WINDOW_BYTES
from refgraph.sources.damage import describe_damage

MAX_CELLS_PER_BYTE = 100
"""Cells that one byte of a file may hold where it has more than `MAX_CELLS`."""
MAX_CELLS = 16 << 20
MAX_FOOTER_BYTES = 16 << 20
MAX_DEPTH = 32

_MAGIC = b"PAR1"
_STOP, _TRUE, _FALSE, _BYTE = 0, 1, 2, 3
_DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 7, 8, 9, 10, 11, 12

Content = bytes | mmap.mmap
Struct = dict[int, Any]
"""Field id -> value."""


class Size(NamedTuple):
    """Bytes of all pages as stored and as expanded, and the cells in them."""

    stored: int
    expanded: int
    cells: int


def check(data: Content, file: str) -> None:
    """Raise DataError ``damaged-file``, and ``grows-too-much`` for a file that fills the memory."""
    try:
        size = _measure(data)
    except (IndexError, ValueError, KeyError, TypeError, OverflowError, AttributeError) as error:
        why = describe_damage(error)
        raise DataError("damaged-file", file=file, format="Parquet", why=why) from error
    grows = size.expanded > WINDOW_BYTES and size.expanded > MAX_GROWTH * size.stored
    is_dense = size.cells > MAX_CELLS and size.cells > MAX_CELLS_PER_BYTE * len(data)
    if grows or is_dense:
        raise DataError("grows-too-much", file=file, most=MAX_GROWTH)


def _measure(data: Content) -> Size:
    if len(data) < 12 or data[:4] != _MAGIC or data[-4:] != _MAGIC:
        raise ValueError("it does not begin and end with PAR1")
    length = int.from_bytes(data[-8:-4], "little")
    start = len(data) - 8 - length
    if start < 4 or length > MAX_FOOTER_BYTES:
        raise ValueError("its footer has no possible length")
    footer = _Reader(data[start : len(data) - 8], 0).read_struct()
    stored = expanded = cells = 0
    for group in footer.get(4, ()):
        for column in group[1]:
            size = _measure_column(data, column[3], start)
            stored, expanded = stored + size.stored, expanded + size.expanded
            cells += size.cells
    return Size(stored, expanded, cells)


def _measure_column(data: Content, meta: Struct, end: int) -> Size:
    """The pages of one column of one row group. end: where the footer begins."""
    offsets = [meta[9], *([meta[11]] if meta.get(11) else [])]
    position, last = min(offsets), min(offsets) + meta[7]
    if position < 4 or last > end:
        raise ValueError("a column lies outside the file")
    stored = expanded = cells = 0
    while position < last:
        reader = _Reader(data, position)
        page = reader.read_struct()
        if min(page[2], page[3]) < 0 or reader.position + page[3] > end:
            raise ValueError("a page lies outside the file")
        header = page.get(5) or page.get(8) or {}
        stored, expanded = stored + page[3], expanded + page[2]
        cells += max(header.get(1, 0), 0)
        position = reader.position + page[3]
    return Size(stored, expanded, max(cells, meta[5]))


class _Reader:
    """Reads values of the compact protocol from a position on."""

    def __init__(self, data: Content, position: int) -> None:
        self.data = data
        self.position = position

    def read_struct(self, depth: int = 0) -> Struct:
        """The fields of a struct. Raises ValueError, IndexError."""
        if depth > MAX_DEPTH:
            raise ValueError("its footer is nested too deep")
        fields: Struct = {}
        id = 0
        while (head := self._read_byte()) != _STOP:
            delta, type = head >> 4, head & 15
            id = id + delta if delta else self._read_integer()
            fields[id] = self._read_value(type, depth)
        return fields

    def _read_byte(self) -> int:
        byte = self.data[self.position]
        self.position += 1
        return byte

    def _read_varint(self) -> int:
        value = shift = 0
        while shift < 70:
            byte = self._read_byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
        raise ValueError("a number is too long")

    def _read_integer(self) -> int:
        value = self._read_varint()
        return (value >> 1) ^ -(value & 1)

    def _read_value(self, type: int, depth: int) -> Any:
        if type in (_TRUE, _FALSE):
            return type == _TRUE
        if type == _BYTE:
            return self._read_byte()
        if type == _BINARY:
            return self._skip(self._read_varint())
        if type == _DOUBLE:
            return self._skip(8)
        if type in (_LIST, _SET):
            return self._read_list(depth)
        if type == _STRUCT:
            return self.read_struct(depth + 1)
        if type == _MAP or type > _STRUCT:
            raise ValueError("its footer holds a value of unknown type")
        return self._read_integer()

    def _read_list(self, depth: int) -> list[Any]:
        head = self._read_byte()
        count, type = head >> 4, head & 15
        count = self._read_varint() if count == 15 else count
        if count > len(self.data) - self.position:
            raise ValueError("a list is longer than the file")
        if type in (_TRUE, _FALSE):
            return [self._read_byte() for _ in range(count)]
        return [self._read_value(type, depth) for _ in range(count)]

    def _skip(self, size: int) -> None:
        if size > len(self.data) - self.position:
            raise ValueError("a text is longer than the file")
        self.position += size
