"""The bytes of a file, and its name as it may be cited."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from refgraph.errors import FileError


def content(path: str | Path, most: int = -1) -> bytes:
    """The bytes of a file or pipe, of `most` the first so many.

    Raises FileError not-found, is-a-folder, not-a-file (a device), cannot-read.
    """
    name = cited(str(path))
    try:
        with open(path, "rb") as stream:
            kind = os.fstat(stream.fileno()).st_mode
            if not (stat.S_ISREG(kind) or stat.S_ISFIFO(kind)):
                raise FileError("not-a-file", path=name)
            return stream.read(most)
    except FileNotFoundError as error:
        raise FileError("not-found", path=name) from error
    except IsADirectoryError as error:
        raise FileError("is-a-folder", path=name) from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise FileError("cannot-read", path=name, why=why) from error


def cited(name: str) -> str:
    """A name that can be printed and stored: bytes of a file name that are no text become question marks."""
    return name.encode("utf-8", "replace").decode("utf-8")
