"""Where compiled kernels are stored between runs."""

import atexit
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from refgraph.files import find_cache_folder

FOLDER_NAME = "kernels"


@cache
def find_kernel_folder() -> tuple[Path, bool]:
    """The folder for compiled kernels, created if need be, and whether it is the preferred one.

    Preferred: `$REFGRAPH_CACHE`, else `refgraph` in the user's cache folder (`$XDG_CACHE_HOME` or
    `~/.cache`, on macOS `~/Library/Caches`). If that is not writable: a private folder for
    temporary files.
    """
    for place, is_preferred in _list_candidates():
        path = place / FOLDER_NAME
        if _is_writable(path):
            return path, is_preferred
    temporary = Path(tempfile.mkdtemp(prefix="refgraph-"))
    atexit.register(shutil.rmtree, temporary, ignore_errors=True)
    return temporary, False


def _list_candidates() -> Iterator[tuple[Path, bool]]:
    """Folders to try in turn, and whether they are preferred."""
    home = find_cache_folder()
    if home is not None:
        yield home, True
    shared = Path(tempfile.gettempdir()) / f"refgraph-{os.getuid()}"
    if _is_private(shared):
        yield shared, False


def _is_private(path: Path) -> bool:
    """Whether `path` is a folder that nobody else can write to: the content of a cache is executed
    as code.
    """
    try:
        path.mkdir(mode=0o700, exist_ok=True)
        info = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(info.st_mode) and info.st_uid == os.getuid() and not info.st_mode & 0o077


def _is_writable(path: Path) -> bool:
    try:
        path.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=path).close()
    except OSError:
        return False
    return True
