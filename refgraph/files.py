"""Folders of the user, and files written so that a reader sees the old content or the new."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from refgraph.errors import FileError
from refgraph.model.refusals import describe_refusal
from refgraph.temporary_files import create_temporary_file, remove_leftovers

PRIVATE_MODE = 0o600


def find_cache_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Where refgraph may store what it can make again: ``$REFGRAPH_CACHE``, else the user's cache.

    That is ``refgraph`` in ``$XDG_CACHE_HOME`` or ``~/.cache``; on macOS in ``~/Library/Caches``.
    None for a user without a home.
    """
    chosen = environment.get("REFGRAPH_CACHE")
    if chosen:
        return Path(chosen).expanduser().absolute()
    return _find_user_folder("XDG_CACHE_HOME", ".cache", "Caches", environment)


def find_config_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Where the user's own refgraph.toml is.

    That is ``refgraph`` in ``$XDG_CONFIG_HOME`` or ``~/.config``; on macOS in
    ``~/Library/Application Support``. None for a user without a home.
    """
    return _find_user_folder("XDG_CONFIG_HOME", ".config", "Application Support", environment)


def _find_user_folder(
    variable: str, folder: str, macos_folder: str, environment: Mapping[str, str]
) -> Path | None:
    """``refgraph`` in the folder that the platform has for one kind of a user's files."""
    given = environment.get(variable, "")
    if os.path.isabs(given):
        return Path(given) / "refgraph"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    parent = home / "Library" / macos_folder if sys.platform == "darwin" else home / folder
    return parent / "refgraph"


@contextlib.contextmanager
def open_atomically(path: str | Path, mode: int | None = None) -> Iterator[BinaryIO]:
    """Open ``path`` for writing: a reader sees its old content or the new, complete one.

    What is written goes to a temporary file next to it, which is renamed on success. A link stays
    a link: the file that it names is replaced. A device or pipe is written to directly.
    mode: permission bits; default = those of the old file, else 0666 without those of the umask.
    Raises FileError if the folder is missing or not writable or the disk is full; then the old
    file is unchanged.
    """
    try:
        if is_device(path):
            with os.fdopen(os.open(path, os.O_WRONLY), "wb") as stream:
                yield stream
            return
        target = _resolve_target(path)
        with create_temporary_file(target.parent) as (temporary, descriptor):
            with os.fdopen(descriptor, "wb", closefd=False) as stream:
                yield stream
            os.fsync(descriptor)
            os.fchmod(descriptor, _find_mode(target) if mode is None else mode)
            os.replace(temporary, target)
    except OSError as error:
        raise make_write_error(path, error) from error


def write_file(path: str | Path, content: bytes, mode: int | None = None) -> None:
    """Write ``content`` to ``path`` in one step; see `open_atomically`."""
    with open_atomically(path, mode) as stream:
        stream.write(content)


def check_writable(path: str | Path) -> None:
    """Raise the FileError now that `open_atomically` would raise after all the work.

    Nothing is changed, but for what a killed run left in the folder: that is removed.
    """
    try:
        if not is_device(path):
            with create_temporary_file(_resolve_target(path).parent):
                return
        if not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise make_write_error(path, error) from error


def is_device(path: str | Path) -> bool:
    """Whether ``path`` is there and is no file and no folder: a device, a pipe, a socket.

    Raises OSError for a path that cannot be looked at.
    """
    mode = _read_mode(path)
    return mode is not None and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def make_write_error(path: str | Path, error: OSError) -> FileError:
    """The FileError ``cannot-write`` for a refusal of the operating system."""
    return FileError("cannot-write", path=str(path), why=describe_refusal(error))


def read_umask() -> int:
    """The permission bits that new files of this process do not get."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _resolve_target(path: str | Path) -> Path:
    """The file to replace, with links followed; its folder is rid of what killed runs left.

    Raises OSError if it is a folder, or a file that must not be written.
    """
    target = Path(os.path.realpath(path))
    mode = _read_mode(target)
    if mode is not None and stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if mode is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    remove_leftovers(target.parent)
    return target


def _read_mode(path: str | Path) -> int | None:
    """Kind and permissions of what is at ``path``; None if nothing is there. Raises OSError."""
    try:
        return os.stat(path).st_mode
    except FileNotFoundError:
        return None


def _find_mode(target: Path) -> int:
    """Permission bits of a file; those of a new one if it does not exist."""
    mode = _read_mode(target)
    return 0o666 & ~read_umask() if mode is None else mode & 0o7777
