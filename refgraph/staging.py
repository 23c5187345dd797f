"""Several files that belong together: all of them appear at their place, or none."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Collection, Iterator
from pathlib import Path

from refgraph.errors import FileError
from refgraph.files import make_write_error, read_umask
from refgraph.model.refusals import describe_refusal
from refgraph.temporary_files import OLD_FOLDER, create_temporary_folder, remove_leftovers


@contextlib.contextmanager
def stage_files(path: str | Path) -> Iterator[Path]:
    """A temporary folder for files that belong together; on success they are moved to ``path``.

    Files are moved in order of their names. ``path`` is created if only its last part is missing;
    other files in it stay. Raises FileError ``cannot-write``: then ``path`` is unchanged.
    """
    target = Path(path)
    try:
        with create_temporary_folder(_find_staging_parent(target)) as temporary:
            yield temporary
            _sync_files(temporary)
            target.mkdir(exist_ok=True)
            for file in sorted(temporary.iterdir()):
                os.replace(file, target / file.name)
    except OSError as error:
        raise make_write_error(path, error) from error


def check_folder_writable(path: str | Path) -> None:
    """Raise the FileError now that `stage_files` would raise after all the work."""
    try:
        with create_temporary_folder(_find_staging_parent(Path(path))):
            return
    except OSError as error:
        raise make_write_error(path, error) from error


def _find_staging_parent(target: Path) -> Path:
    """Where files for the folder ``target`` are staged, rid of what killed runs left there.

    Raises OSError if ``target`` is no folder.
    """
    if target.exists() and not target.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    parent = target if target.is_dir() else target.parent
    remove_leftovers(parent)
    return parent


def check_folder_replaceable(
    path: str | Path, own: Collection[str], mark: str, refusal: str
) -> None:
    """Raise the FileError now that `stage_folder` with ``replace`` would raise after the work."""
    target = Path(os.path.realpath(path))
    try:
        _require_replaceable(target, own, True, mark, refusal)
        with create_temporary_folder(target.parent):
            return
    except OSError as error:
        raise make_write_error(path, error) from error


@contextlib.contextmanager
def stage_folder(
    path: str | Path,
    own: Collection[str],
    replace: bool = False,
    mark: str | None = None,
    refusal: str = "folder-not-ours",
) -> Iterator[Path]:
    """A new folder next to ``path`` for writing files; on success it is renamed to ``path``.

    A folder that exists already must be empty; with ``replace`` it may hold files whose names are
    in ``own``, which are deleted, if the file ``mark`` shows that refgraph wrote them.
    Raises FileError ``folder-not-empty``, ``refusal`` for other files, ``cannot-write``; then the
    old folder is unchanged.
    """
    target = Path(os.path.realpath(path))
    try:
        remove_leftovers(target.parent)
        remove_leftovers(target)
        _require_replaceable(target, own, replace, mark, refusal)
        with create_temporary_folder(target.parent) as temporary:
            staging = temporary / "new"
            staging.mkdir()
            yield staging
            _sync_files(staging)
            _require_replaceable(target, own, replace, mark, refusal)
            _swap_folders(temporary, staging, target)
    except OSError as error:
        raise make_write_error(path, error) from error


def _require_replaceable(
    target: Path, own: Collection[str], replace: bool, mark: str | None, refusal: str
) -> None:
    """Raises FileError unless ``target`` may become the new folder."""
    if target.exists() and not target.is_dir():
        raise FileError("cannot-write", path=str(target), why=describe_refusal(errno.ENOTDIR))
    names = sorted(entry.name for entry in target.iterdir()) if target.is_dir() else []
    if names and not replace:
        raise FileError("folder-not-empty", path=str(target))
    is_marked = mark is None or mark in names
    others = [name for name in names if name not in own or not is_marked]
    if others:
        raise FileError(refusal, path=str(target), files=others[:3])


def _sync_files(temporary: Path) -> None:
    """Flush all files to the disk; the folder gets the permissions that the umask allows."""
    for file in temporary.iterdir():
        with file.open("rb") as stream:
            os.fsync(stream.fileno())
    temporary.chmod(0o777 & ~read_umask())


def _swap_folders(temporary: Path, staging: Path, target: Path) -> None:
    """Move the old folder away and the new one to its place; see `create_temporary_folder`."""
    old = temporary / OLD_FOLDER
    old.mkdir()
    if target.exists():
        os.rename(target, old / target.name)
    os.rename(staging, target)
