"""The Java process of a server, and the archive of its classes, with which it starts twice as fast.

Java maps the archive instead of loading the classes one by one from the jars. It ignores an archive
that was made by another Java or from other jars.
"""

from __future__ import annotations

import shutil
import subprocess
import threading
from pathlib import Path

from neo4j_tools import jars, server_home


def find_archive(lib: Path) -> Path:
    """The file for the archive of a folder of jars, whether it exists or not."""
    return lib.with_suffix(".jsa")


def find_new_archive(lib: Path) -> Path:
    """The file for an archive that is being written."""
    return lib.with_suffix(".new-jsa")


def start_java(
    home: Path, lib: Path, console: Path, *, heap: str, fast: bool, tied: bool, records: bool
) -> subprocess.Popen[bytes]:
    """Start the server of a home with the jars of ``lib``; its output goes to ``console``.

    Options: those of `server.StartOptions`.
    """
    command = server_home.build_command(
        jars.find_java() or "java", home, heap, fast, _list_archive_options(lib, records)
    )
    with console.open("wb") as output:
        return subprocess.Popen(
            [*_tie_to_caller(tied), *command],
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=server_home.build_environment(),
            start_new_session=True,
        )


def _list_archive_options(lib: Path, records: bool) -> list[str]:
    archive = find_archive(lib)
    if records:
        option = f"-XX:ArchiveClassesAtExit={find_new_archive(lib)}"
    elif archive.is_file():
        option = f"-XX:SharedArchiveFile={archive}"
    else:
        return []
    return ["-XX:+IgnoreUnrecognizedVMOptions", option]


def _tie_to_caller(tied: bool) -> list[str]:
    """A command in front that ends the server with us.

    Only from the main thread, since the system watches the thread that calls.
    """
    if not tied or threading.current_thread() is not threading.main_thread():
        return []
    program = shutil.which("setpriv")
    return [program, "--pdeathsig", "TERM"] if program else []
