"""Where compiled kernels are kept between runs: one writable folder, named by everything that shapes its content.

numba notices a change in the file of a kernel but not in the files of the kernels that it calls, so the folder is
named by a hash over all files of this package, with the versions of numba and Python.
"""

import atexit
import hashlib
import os
import platform
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

from refgraph.files import cache_folder


@cache
def folder() -> tuple[Path, bool]:
    """The folder of this installation's compiled kernels, made if need be, and whether it is the preferred one.

    Preferred: `$REFGRAPH_CACHE`, else `refgraph` in the user's cache folder (`$XDG_CACHE_HOME` or `~/.cache`,
    on macOS `~/Library/Caches`). Where nothing can be written there, a private folder for temporary files.
    """
    for place, preferred in _candidates():
        path = place / stamp()
        if _writable(path):
            return path, preferred
    lost = Path(tempfile.mkdtemp(prefix="refgraph-"))
    atexit.register(shutil.rmtree, lost, ignore_errors=True)
    return lost, False


@cache
def stamp() -> str:
    """Sixteen hexadecimal digits that change with any file of this package, with numba and with Python."""
    digest = hashlib.sha256(f"{version('numba')} {platform.python_version()} {sys.byteorder}".encode())
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _candidates() -> Iterator[tuple[Path, bool]]:
    home = cache_folder()
    if home is not None:
        yield home, True
    shared = Path(tempfile.gettempdir()) / f"refgraph-{os.getuid()}"
    if _private(shared):
        yield shared, False


def _private(path: Path) -> bool:
    """Whether `path` is a folder that nobody else can write to: what lies in a cache is run as code."""
    try:
        path.mkdir(mode=0o700, exist_ok=True)
        info = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(info.st_mode) and info.st_uid == os.getuid() and not info.st_mode & 0o077


def _writable(path: Path) -> bool:
    try:
        path.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=path).close()
    except OSError:
        return False
    return True
