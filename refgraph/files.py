"""Writing files so that a reader sees the old content or the new, never a part."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from refgraph.errors import FileError

PRIVATE = 0o600


@contextlib.contextmanager
def atomic(path: str | Path, mode: int | None = None) -> Iterator[BinaryIO]:
    """Open a temporary file beside ``path`` for writing bytes; on success it takes the name ``path``.

    ``mode`` sets the permission bits (default: those of the old file, else what the umask leaves of 0666).
    Raises FileError when the folder is missing or not writable or the disk is full; the old file stays intact.
    """
    target = Path(path)
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name[:40]}.", dir=target.parent or ".")
    except OSError as error:
        raise FileError("cannot-write", path=str(path), why=error.strerror or str(error)) from error
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, _mode(target) if mode is None else mode)
        if target.is_dir():
            raise IsADirectoryError(21, "is a folder")
        os.replace(temporary, target)
    except OSError as error:
        _remove(temporary)
        raise FileError("cannot-write", path=str(path), why=error.strerror or str(error)) from error
    except BaseException:
        _remove(temporary)
        raise


def write(path: str | Path, content: bytes, mode: int | None = None) -> None:
    """Write ``content`` to ``path`` in one step; see `atomic`."""
    with atomic(path, mode) as stream:
        stream.write(content)


def _mode(target: Path) -> int:
    try:
        return target.stat().st_mode & 0o7777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)
