"""Pages written where they cannot be: one sentence, exit 5, the old file intact."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest
from program import CASE, CLEAN, RUN, run

NO_MOUNT = os.geteuid() != 0 or subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize("words", (("report", CASE), ("customer", "C020", CASE)))
def test_no_such_folder(words: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*words, "-o", str(tmp_path / "none" / "page.html"))
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (5, "", 2)


@pytest.mark.skipif(NO_MOUNT, reason="needs root and unshare to mount a small disk")
def test_a_full_disk_leaves_the_old_page(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    words = shlex.join([*RUN, "report", CASE, "-o", str(disk / "page.html")])
    script = (f"mount -t tmpfs -o size=64k tmpfs {shlex.quote(str(disk))} && cd {shlex.quote(str(disk))} && echo old > page.html && "
              f"cd {shlex.quote(str(Path(CASE).parent.parent))} && {words}; echo code $?; cat {shlex.quote(str(disk))}/page.html; "
              f"ls -A {shlex.quote(str(disk))}")  # fmt: skip
    done = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, text=True, env=CLEAN, check=False)
    assert done.stdout.splitlines() == ["code 5", "old", "page.html"], done.stderr
    assert "page.html" in done.stderr and len(done.stderr.splitlines()) == 2
