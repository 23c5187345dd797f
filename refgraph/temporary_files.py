"""Temporary files and folders next to an output; those of a killed run are removed by the next one.

The owner of a temporary file holds a lock on it, which ends with its process however that ends. So
whatever is named like a temporary file and is not locked was left behind.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

NAME = re.compile(r"\.refgraph-[0-9a-f]{16}\.tmp")
OLD_FOLDER = "old"
"""In a temporary folder: holds a folder under its own name while another one takes its place."""
MAX_ATTEMPTS = 100
_own: set[Path] = set()
"""Temporary files and folders of this process that are in use."""


@contextlib.contextmanager
def create_temporary_file(folder: Path) -> Iterator[tuple[Path, int]]:
    """A new empty file in ``folder``, and its descriptor; removed at the end if it is still there.

    Only the user may read it. Raises OSError.
    """
    with _create_locked(folder, is_folder=False) as (path, descriptor):
        try:
            yield path, descriptor
        finally:
            with contextlib.suppress(OSError):
                path.unlink()


@contextlib.contextmanager
def create_temporary_folder(folder: Path) -> Iterator[Path]:
    """A new empty folder in ``folder``; removed at the end with all that it then holds.

    A folder that was moved into its `OLD_FOLDER` is put back if nothing stands in its place.
    Raises OSError.
    """
    with _create_locked(folder, is_folder=True) as (path, _):
        try:
            yield path
        finally:
            _remove_folder(path)


def remove_leftovers(folder: Path) -> int:
    """Remove what killed runs left in ``folder`` and may be removed; returns how many."""
    try:
        paths = [Path(entry.path) for entry in os.scandir(folder) if NAME.fullmatch(entry.name)]
    except OSError:
        return 0
    return sum(_remove_leftover(path) for path in paths)


def remove_own_files() -> None:
    """Remove the temporary files and folders of this process, which is about to end."""
    for path in tuple(_own):
        with contextlib.suppress(OSError):
            _remove_folder(path) if path.is_dir() else path.unlink()


@contextlib.contextmanager
def _create_locked(folder: Path, is_folder: bool) -> Iterator[tuple[Path, int]]:
    """A new file or folder that is locked until the end of the block, and its descriptor.

    Another run may remove it in the moment before it is locked; then a new one is made.
    """
    for _ in range(MAX_ATTEMPTS):
        path = folder / f".refgraph-{secrets.token_hex(8)}.tmp"
        if is_folder:
            path.mkdir(mode=0o700)
            descriptor = os.open(path, os.O_RDONLY)
        else:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            if _lock(descriptor) and _is_at(path, descriptor):
                _own.add(path)
                yield path, descriptor
                return
        finally:
            _own.discard(path)
            os.close(descriptor)
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


def _lock(descriptor: int) -> bool:
    """Lock at once. True as well on a file system without locks: there nothing is ever removed."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _is_at(path: Path, descriptor: int) -> bool:
    """Whether an open file still stands at a path."""
    try:
        return os.path.samestat(os.lstat(path), os.fstat(descriptor))
    except OSError:
        return False


def _remove_leftover(path: Path) -> bool:
    """Remove one temporary file or folder unless its owner lives; returns whether it is gone."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.is_dir():
            _remove_folder(path)
        else:
            path.unlink()
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return not path.exists()


def _remove_folder(path: Path) -> None:
    """Remove a temporary folder after putting back what was moved into its `OLD_FOLDER`."""
    old = path / OLD_FOLDER
    if old.is_dir():
        for entry in old.iterdir():
            target = path.parent / entry.name
            if not os.path.lexists(target):
                entry.rename(target)
    shutil.rmtree(path, ignore_errors=True)
