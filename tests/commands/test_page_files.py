"""Pages written where they cannot be: one sentence, exit 5, the old file intact."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest
from support.program import CASE, CLEAN, RUN, call

NO_MOUNT = (
    os.geteuid() != 0
    or subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode != 0
)


@pytest.mark.parametrize("words", (("report", CASE), ("customer", "C020", CASE)))
def test_page_into_missing_folder_exits_with_five(
    words: tuple[str, ...], clean_environment: Path
) -> None:
    done = call(*words, "-o", str(clean_environment / "none" / "page.html"))
    assert (done.code, done.out, len(done.err.splitlines())) == (5, "", 2)


@pytest.mark.skipif(NO_MOUNT, reason="needs root and unshare to mount a small disk")
@pytest.mark.parametrize(
    ("words", "target"),
    [
        (("report", CASE), "page.html"),
        (("draw", "C020", CASE), "tree.pdf"),
        (("draw", "--all", "--no-embed-font", CASE), "trees"),
        (("draw", "--all", "--no-embed-font", CASE), "."),
    ],
)
def test_page_to_full_disk_keeps_the_old_file(
    words: tuple[str, ...], target: str, tmp_path: Path
) -> None:
    """16 KiB hold none of the pages and one small picture.

    The old file stays, and no part of what is new.
    """
    disk = tmp_path / "disk"
    disk.mkdir()
    disk_path = shlex.quote(str(disk))
    program = shlex.join([*RUN, *words, "-o", str(disk / target)])
    old = shlex.quote(str(disk / (target if "." in target.strip(".") else "old.txt")))
    script = (
        f"mount -t tmpfs -o size=16k tmpfs {disk_path} && echo old > {old} && "
        f"cd {shlex.quote(str(Path(CASE).parent.parent))} && "
        f"{program}; echo code $?; cat {old}; ls -A {disk_path}"
    )
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script],
        capture_output=True,
        text=True,
        env=CLEAN,
        check=False,
    )
    assert done.stdout.splitlines() == ["code 5", "old", Path(old.strip("'")).name], done.stderr
    assert len(done.stderr.splitlines()) == 2
