"""The zip around a workbook: its members, read piece by piece and watched as they grow."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree import ElementTree

from refgraph.errors import DataError
from refgraph.sources.compression import Growth, watch_growth
from refgraph.sources.damage import describe_damage

MAX_MEMBERS = 10_000
PIECE_BYTES = 1 << 22
_LOCAL_HEADER_BYTES = 30

_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    RuntimeError,
    NotImplementedError,
    ElementTree.ParseError,
)


@contextmanager
def translate_zip_faults(file: str, format: str = "workbook") -> Iterator[None]:
    """Raise DataError ``damaged-file`` for what a zip or the XML in it breaks off with."""
    try:
        yield
    except _FAULTS as error:
        why = describe_damage(error)
        raise DataError("damaged-file", file=file, format=format, why=why) from error


class ZipPackage:
    """The members of a zip. file: the name to cite. Raises DataError ``damaged-file``."""

    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        with translate_zip_faults(file):
            self._data = data
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        if len(members) > MAX_MEMBERS or sum(m.compress_size for m in members) > 2 * len(data):
            raise DataError("damaged-file", file=file, format="workbook", why=describe_damage(""))
        self.names = [member.filename for member in members]

    def read_pieces(self, name: str) -> Iterator[bytes]:
        """What a member holds. Raises DataError ``damaged-file``, ``grows-too-much``."""
        with translate_zip_faults(self.file):
            yield from watch_growth(self._expand(name), self.file)

    def read_whole(self, name: str) -> bytes:
        """All that a small member holds, empty if there is none. Raises as `read_pieces`."""
        return b"".join(self.read_pieces(name)) if name in self.names else b""

    def check(self, names: list[str]) -> None:
        """Raise DataError ``grows-too-much``, ``damaged-file`` for members."""
        for name in names:
            for _ in self.read_pieces(name):
                pass

    def _expand(self, name: str) -> Growth:
        """The pieces of a member, whatever size its entry declares."""
        member = self._zip.getinfo(name)
        header = self._data[member.header_offset : member.header_offset + _LOCAL_HEADER_BYTES]
        if len(header) < _LOCAL_HEADER_BYTES or member.flag_bits & 1:
            raise ValueError("it is cut off or encrypted")
        name_size, extra_size = struct.unpack("<HH", header[-4:])
        start = member.header_offset + _LOCAL_HEADER_BYTES + name_size + extra_size
        stored = memoryview(self._data)[start : start + member.compress_size]
        if member.compress_type == zipfile.ZIP_STORED:
            yield len(stored), bytes(stored)
            return
        if member.compress_type != zipfile.ZIP_DEFLATED:
            raise ValueError("it is compressed in an unusual way")
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        piece: memoryview | bytes = stored
        while len(piece) and not inflater.eof:
            out = inflater.decompress(piece, PIECE_BYTES)
            piece = inflater.unconsumed_tail
            yield len(stored) - len(piece), out


def parse_xml(data: bytes, file: str) -> ElementTree.Element:
    """A small XML document. Raises DataError ``damaged-file``, also if it declares entities."""
    if re.search(rb"<!(DOCTYPE|ENTITY)", data[: 1 << 16]):
        raise DataError("damaged-file", file=file, format="XML", why=describe_damage("DOCTYPE"))
    with translate_zip_faults(file, "XML"):
        return ElementTree.fromstring(data)
