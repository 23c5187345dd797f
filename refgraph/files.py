"""Writing files so that a reader sees the old content or the new, never a part."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO

from refgraph.errors import FileError

PRIVATE = 0o600


def cache_folder() -> Path | None:
    """Where refgraph may keep what it can make again: `$REFGRAPH_CACHE`, else ``refgraph`` in the user's cache folder.

    That is `$XDG_CACHE_HOME` or ``~/.cache``, on macOS ``~/Library/Caches``. None for a user without a home.
    """
    chosen, given = os.environ.get("REFGRAPH_CACHE"), os.environ.get("XDG_CACHE_HOME", "")
    if chosen:
        return Path(chosen).expanduser().absolute()
    if os.path.isabs(given):
        return Path(given) / "refgraph"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return (home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache") / "refgraph"


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


@contextlib.contextmanager
def gathered(path: str | Path) -> Iterator[Path]:
    """A temporary folder for files that belong together; on success each takes its place in ``path``, in order of names.

    ``path`` is made where only its last part is missing; other files in it stay. Raises FileError ``cannot-write``: then
    nothing has been put there, and what was there is as it was.
    """
    target = Path(path)
    try:
        if target.exists() and not target.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        temporary = Path(tempfile.mkdtemp(prefix=".refgraph.", dir=target if target.is_dir() else target.parent))
    except OSError as error:
        raise FileError("cannot-write", path=str(path), why=error.strerror or str(error)) from error
    try:
        yield temporary
        _settled(temporary)
        target.mkdir(exist_ok=True)
        for file in sorted(temporary.iterdir()):
            os.replace(file, target / file.name)
    except OSError as error:
        raise FileError("cannot-write", path=str(path), why=error.strerror or str(error)) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextlib.contextmanager
def folder(path: str | Path, own: Collection[str], replace: bool = False) -> Iterator[Path]:
    """A new folder beside ``path`` for writing files; on success it takes the name ``path``, as a whole.

    A folder that is there already must be empty, or with ``replace`` hold files named in ``own`` only: those go.
    Raises FileError ``folder-not-empty``, ``folder-not-ours``, ``cannot-write``; what was there stays intact.
    """
    target = Path(os.path.realpath(path))
    _vacant(target, own, replace)
    try:
        temporary = Path(tempfile.mkdtemp(prefix=f".{target.name[:40]}.", dir=target.parent))
    except OSError as error:
        raise FileError("cannot-write", path=str(path), why=error.strerror or str(error)) from error
    try:
        yield temporary
        _settled(temporary)
        _vacant(target, own, replace)
        _exchange(temporary, target)
    except OSError as error:
        raise FileError("cannot-write", path=str(path), why=error.strerror or str(error)) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _vacant(target: Path, own: Collection[str], replace: bool) -> None:
    """Raises FileError unless ``target`` may become the new folder."""
    if target.exists() and not target.is_dir():
        raise FileError("cannot-write", path=str(target), why=os.strerror(errno.ENOTDIR))
    found = sorted(entry.name for entry in target.iterdir()) if target.is_dir() else []
    if found and not replace:
        raise FileError("folder-not-empty", path=str(target))
    others = [name for name in found if name not in own]
    if others:
        raise FileError("folder-not-ours", path=str(target), files=others[:3])


def _settled(temporary: Path) -> None:
    """All files on the disk, open to whom the umask lets."""
    mask = os.umask(0)
    os.umask(mask)
    for file in temporary.iterdir():
        with file.open("rb") as stream:
            os.fsync(stream.fileno())
    temporary.chmod(0o777 & ~mask)


def _exchange(temporary: Path, target: Path) -> None:
    """The new folder in place of the old one; a rename that fails puts the old one back."""
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name[:40]}.", dir=target.parent))
    try:
        if target.exists():
            os.rename(target, aside)
        try:
            os.rename(temporary, target)
        except OSError:
            if not target.exists() and any(aside.iterdir()):
                os.rename(aside, target)
            raise
    finally:
        if target.exists():
            shutil.rmtree(aside, ignore_errors=True)
