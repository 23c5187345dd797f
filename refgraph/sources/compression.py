"""Gzip and zstd -> the bytes within; what grows beyond reason is refused before it fills memory.

Real tables shrink to a tenth, repetitive ones to a fiftieth. A file that grows `MAX_GROWTH` times
for `WINDOW_BYTES` on end was made to fill the memory of whoever opens it.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from refgraph.errors import DataError
from refgraph.sources.damage import describe_damage

SUFFIXES = {".gz": "gzip", ".gzip": "gzip", ".zst": "zstd", ".zstd": "zstd"}
"""Suffix in lower case -> how a file is compressed."""

MAX_GROWTH = 250
WINDOW_BYTES = 48 << 20

_GZIP_PIECE = 1 << 16
_ZSTD_PIECE = 1 << 8
"""Bytes given to the decompressor at once: a block of 4 bytes may grow to 128 KiB."""
_GZIP_OUTPUT = 1 << 20
_ZSTD_WINDOW = 1 << 27
"""Bytes that a frame may refer back to: what every decompressor accepts."""

Growth = Iterator[tuple[int, bytes]]
"""Pieces: how many bytes were taken so far, and what came out of them."""


def find_compression(path: Path) -> str | None:
    """How a file is compressed, by its suffix; None for a plain one."""
    return SUFFIXES.get(path.suffix.lower())


def strip_compression(path: Path) -> Path:
    """The path without a suffix of compression: ``orders.csv.gz`` is ``orders.csv``."""
    return path.with_suffix("") if find_compression(path) else path


def expand(data: bytes, compression: str, file: str, limit: int = -1) -> bytes:
    """What `data` holds: its first `limit` bytes, or all of it (-1).

    Raises DataError ``damaged-file`` for data that are cut off or no such compression,
    ``grows-too-much``.
    """
    pieces = _expand_gzip(data) if compression == "gzip" else _expand_zstd(data)
    out = io.BytesIO()
    try:
        for piece in watch_growth(pieces, file):
            out.write(piece)
            if 0 <= limit <= out.tell():
                return out.getvalue()[:limit]
    except _ExpandError as error:
        why = describe_damage(error)
        raise DataError("damaged-file", file=file, format=compression, why=why) from error
    return out.getvalue()


def watch_growth(pieces: Growth, file: str) -> Iterator[bytes]:
    """What comes out. Raises DataError ``grows-too-much`` if far more does than goes in."""
    window_start, produced = 0, 0
    for taken, piece in pieces:
        produced += len(piece)
        if produced >= WINDOW_BYTES:
            if (taken - window_start) * MAX_GROWTH < produced:
                raise DataError("grows-too-much", file=file, most=MAX_GROWTH)
            window_start, produced = taken, 0
        yield piece


class _ExpandError(Exception):
    """The data cannot be expanded; the text says why."""


def _expand_gzip(data: bytes) -> Growth:
    def feed(member: Any, piece: memoryview | bytes) -> Iterator[bytes]:
        while piece and not member.eof:
            yield member.decompress(piece, _GZIP_OUTPUT)
            piece = member.unconsumed_tail

    try:
        yield from _expand_members(data, _GZIP_PIECE, lambda: zlib.decompressobj(31), feed)
    except zlib.error as error:
        raise _ExpandError(str(error)) from error


def _expand_zstd(data: bytes) -> Growth:
    import zstandard

    def start() -> Any:
        return zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()

    def feed(member: Any, piece: memoryview) -> Iterator[bytes]:
        yield member.decompress(piece)

    try:
        yield from _expand_members(data, _ZSTD_PIECE, start, feed)
    except zstandard.ZstdError as error:
        raise _ExpandError(str(error)) from error


def _expand_members(
    data: bytes,
    size: int,
    start: Callable[[], Any],
    feed: Callable[[Any, memoryview], Iterator[bytes]],
) -> Growth:
    """One member (gzip) or frame (zstd) after the other; zero bytes at the end are padding.

    start: makes a decompressor. feed: gives it a piece of at most `size` bytes.
    """
    view, taken = memoryview(data), 0
    while taken == 0 or taken < len(view):
        if taken and view[taken] == 0 and not bytes(view[taken:]).strip(b"\0"):
            return
        member = start()
        while not member.eof:
            piece = view[taken : taken + size]
            if not piece:
                raise _ExpandError("it ends too early")
            taken += len(piece)
            for out in feed(member, piece):
                yield taken, out
        taken -= len(member.unused_data)
