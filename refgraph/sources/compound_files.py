"""The container of xls workbooks, checked before a library follows its chains of sectors.

A library adds sector after sector until a chain ends; one that runs in a circle fills the memory.
Layout: Microsoft, [MS-CFB] Compound File Binary File Format.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

import numpy as np

from refgraph.errors import DataError
from refgraph.sources.damage import describe_damage

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER_BYTES = 512
_SECTOR_SHIFTS = (9, 12)
_MINI_SECTOR_BYTES = 64
_ENTRY_BYTES = 128
_LAST_SECTOR = 0xFFFFFFFA
"""Greater numbers stand for the end of a chain, a free sector, or one of the table itself."""
_IN_HEADER = 109
"""Sectors of the table of chains that the header itself lists."""

Chains = np.ndarray


def read_stream(data: bytes, names: Sequence[str], file: str) -> bytes:
    """The first stream with one of the names; empty if there is none, or no compound file.

    Raises DataError ``damaged-file`` for chains without an end and streams larger than the file.
    """
    if not data.startswith(MAGIC):
        return b""
    try:
        return _CompoundFile(data).read_stream(names)
    except (struct.error, IndexError, ValueError) as error:
        why = describe_damage("too short" if len(data) < _HEADER_BYTES else "")
        raise DataError("damaged-file", file=file, format="workbook", why=why) from error


class _CompoundFile:
    """The chains and the directory. Raises ValueError, IndexError and struct.error if damaged."""

    def __init__(self, data: bytes) -> None:
        (shift,) = struct.unpack_from("<H", data, 30)
        if shift not in _SECTOR_SHIFTS:
            raise ValueError("no known size of sectors")
        self.data, self.size = data, 1 << shift
        self.sectors = max(-(-len(data) // self.size) - 1, 0)
        self.chains = self._read_chains()
        _refuse_circles(self.chains)
        directory = self._follow(struct.unpack_from("<I", data, 48)[0])
        self.entries = [
            directory[at : at + _ENTRY_BYTES] for at in range(0, len(directory), _ENTRY_BYTES)
        ]
        self.short_chains = self._read_short_chains()
        _refuse_circles(self.short_chains)

    def read_stream(self, names: Sequence[str]) -> bytes:
        """The first stream with one of the names, empty if there is none."""
        for entry in self.entries:
            (name_size,) = struct.unpack_from("<H", entry, 64)
            name = entry[: max(name_size - 2, 0)].decode("utf-16-le", "replace")
            if name in names:
                return self._read_entry(entry)
        return b""

    def _read_entry(self, entry: bytes) -> bytes:
        start, size = struct.unpack_from("<II", entry, 116)
        (smallest,) = struct.unpack_from("<I", self.data, 56)
        if size >= smallest:
            return self._follow(start)[:size]
        store = self._follow(struct.unpack_from("<I", self.entries[0], 116)[0])
        numbers = _list_chain(start, self.short_chains)
        step = _MINI_SECTOR_BYTES
        return b"".join(store[k * step : (k + 1) * step] for k in numbers)[:size]

    def _read_chains(self) -> Chains:
        """The table of chains: sector -> the next one."""
        places = list(struct.unpack_from(f"<{_IN_HEADER}I", self.data, 76))
        (further,) = struct.unpack_from("<I", self.data, 68)
        for _ in range(self.sectors):
            if further > _LAST_SECTOR:
                break
            numbers = struct.unpack(f"<{self.size // 4}I", self._read_sector(further))
            places += numbers[:-1]
            further = numbers[-1]
        places = [place for place in places if place <= _LAST_SECTOR]
        if further <= _LAST_SECTOR or len(places) > self.sectors:
            raise ValueError("more tables than sectors")
        tables = b"".join(map(self._read_sector, places))
        return np.frombuffer(tables, "<u4")[: self.sectors]

    def _read_short_chains(self) -> Chains:
        """The same for short streams, whose sectors lie in the first entry of the directory."""
        sizes = [struct.unpack_from("<I", entry, 120)[0] for entry in self.entries]
        if not sizes or max(sizes) > len(self.data):
            raise ValueError("a stream larger than the file")
        table = self._follow(struct.unpack_from("<I", self.data, 60)[0])
        return np.frombuffer(table, "<u4")[: sizes[0] // _MINI_SECTOR_BYTES]

    def _read_sector(self, place: int) -> bytes:
        """A sector; the last one of a file may be cut off."""
        start = (place + 1) * self.size
        return self.data[start : start + self.size].ljust(self.size, b"\xff")

    def _follow(self, start: int) -> bytes:
        return b"".join(map(self._read_sector, _list_chain(start, self.chains)))


def _list_chain(start: int, chains: Chains) -> Iterator[int]:
    """The sectors of a chain without a circle."""
    while start < len(chains):
        yield start
        start = int(chains[start])


def _refuse_circles(chains: Chains) -> None:
    """Raise ValueError for a chain without an end: after n steps somebody is still on the way."""
    count = len(chains)
    steps = np.append(np.where(chains < count, chains, count), count).astype(np.int64)
    for _ in range(count.bit_length()):
        steps = steps[steps]
    if (steps < count).any():
        raise ValueError("a chain without an end")
