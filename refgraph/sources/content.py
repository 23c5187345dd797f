"""The bytes of a file, expanded if it is compressed, and the name under which it is cited."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from refgraph.errors import FileError
from refgraph.model.refusals import describe_refusal
from refgraph.sources.compression import expand, find_compression
from refgraph.sources.standard_input import is_standard_input, read_standard_input


def read_bytes(path: str | Path, limit: int = -1) -> bytes:
    """Read a file or pipe: its first `limit` bytes, or all of it (-1); gzip and zstd are expanded.

    Raises FileError ``not-found``, ``is-a-folder``, ``not-a-file`` (a device), ``cannot-read``;
    DataError ``damaged-file``, ``grows-too-much``.
    """
    compression = find_compression(path if isinstance(path, Path) else Path(path))
    if compression is None:
        return _read_as_stored(path, limit)
    return expand(_read_as_stored(path, -1), compression, to_printable_name(str(path)), limit)


def _read_as_stored(path: str | Path, limit: int) -> bytes:
    """The bytes as they are stored."""
    name = to_printable_name(str(path))
    try:
        if is_standard_input(path):
            return read_standard_input()[: None if limit < 0 else limit]
        with open(path, "rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
                raise FileError("not-a-file", path=name)
            return stream.read(limit)
    except FileNotFoundError as error:
        raise FileError("not-found", path=name) from error
    except IsADirectoryError as error:
        raise FileError("is-a-folder", path=name) from error
    except (OSError, ValueError) as error:
        raise FileError("cannot-read", path=name, why=describe_refusal(error)) from error


def to_printable_name(name: str) -> str:
    """A file name that can be printed and stored: bytes that are not text become question marks."""
    return name.encode("utf-8", "replace").decode("utf-8")
