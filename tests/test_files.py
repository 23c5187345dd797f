"""Files that are replaced whole or not at all, and what a killed run leaves behind."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from support.program import CLEAN

from refgraph.errors import FileError
from refgraph.files import check_writable, open_atomically, write_file
from refgraph.staging import check_folder_writable, stage_files, stage_folder
from refgraph.temporary_files import create_temporary_folder, remove_leftovers

KILLED_WRITER = """
import os, sys
from refgraph.files import open_atomically
from refgraph.staging import stage_files, stage_folder
kind, path = sys.argv[1:]
writers = {
    "file": lambda: open_atomically(path),
    "files": lambda: stage_files(path),
    "folder": lambda: stage_folder(path, ["a"], True),
}
with writers[kind]() as staged:
    if kind != "file":
        (staged / "a").write_text("half")
    os.kill(os.getpid(), 9)
"""
KILLED_SWAP = """
import os, sys
from refgraph import staging
rename = os.rename
def rename_and_die(source, target):
    rename(source, target)
    os.kill(os.getpid(), 9)
staging.os.rename = rename_and_die
with staging.stage_folder(sys.argv[1], ["a"], True) as staged:
    (staged / "a").write_text("new")
"""


def run_killed(program: str, *words: str) -> None:
    done = subprocess.run([sys.executable, "-c", program, *words], env=CLEAN, check=False)
    assert done.returncode == -9


def list_names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_write_file_through_a_link_replaces_the_file_and_keeps_the_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "file").write_bytes(b"old")
    link = tmp_path / "link"
    link.symlink_to(Path("there") / "file")
    write_file(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "there" / "file").read_bytes() == b"new"


def test_write_file_to_a_pipe_writes_through_it(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    received: list[bytes] = []
    reader = threading.Thread(target=lambda: received.append(pipe.read_bytes()))
    reader.start()
    check_writable(pipe)
    write_file(pipe, b"content")
    reader.join(20)
    assert received == [b"content"]
    assert pipe.is_fifo()


def test_write_file_to_a_device_leaves_the_device() -> None:
    write_file(os.devnull, b"content", 0o600)
    assert not Path(os.devnull).is_file()
    with pytest.raises(FileError):
        write_file("/dev/full", b"content")


@pytest.mark.parametrize("path", ["none/file", "file/file", "folder", "x" * 5_000, "/proc/file"])
def test_check_writable_of_a_place_that_cannot_be_written_raises(tmp_path: Path, path: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    for check in (check_writable, lambda place: write_file(place, b"")):
        with pytest.raises(FileError) as caught:
            check(tmp_path / path)
        assert caught.value.id == "cannot-write"
    assert list_names(tmp_path) == ["file", "folder"]


def test_check_folder_writable_of_a_file_raises(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for name in ("file", "none/folder"):
        with pytest.raises(FileError):
            check_folder_writable(tmp_path / name)
    check_folder_writable(tmp_path / "new")
    assert list_names(tmp_path) == ["file"]


@pytest.mark.parametrize("kind", ["file", "files", "folder"])
def test_leftovers_of_a_killed_run_are_removed_by_the_next(tmp_path: Path, kind: str) -> None:
    run_killed(KILLED_WRITER, kind, str(tmp_path / "target"))
    assert len(list_names(tmp_path)) == 1
    write_file(tmp_path / "other", b"")
    assert list_names(tmp_path) == ["other"]


def test_leftovers_of_a_run_that_lives_stay(tmp_path: Path) -> None:
    with create_temporary_folder(tmp_path), open_atomically(tmp_path / "one"):
        write_file(tmp_path / "two", b"")
        assert len(list_names(tmp_path)) == 3
        assert remove_leftovers(tmp_path) == 0


def test_leftovers_are_known_by_their_whole_name(tmp_path: Path) -> None:
    names = [".refgraph-0.tmp", ".refgraph-0123456789abcdef.tmp.csv", ".refgraph.toml"]
    for name in names:
        (tmp_path / name).write_bytes(b"of the user")
    remove_leftovers(tmp_path)
    assert list_names(tmp_path) == sorted(names)


def test_stage_folder_killed_between_two_renames_gives_the_old_folder_back(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a").write_text("old")
    run_killed(KILLED_SWAP, str(folder))
    assert not folder.exists()
    remove_leftovers(tmp_path)
    assert (folder / "a").read_text() == "old"
    assert list_names(tmp_path) == ["folder"]


def test_stage_folder_without_the_mark_never_replaces_files(tmp_path: Path) -> None:
    folder = tmp_path / "company"
    folder.mkdir()
    (folder / "customers.csv").write_text("id\nA\n")
    with pytest.raises(FileError) as caught, stage_folder(folder, ["customers.csv"], True, "mark"):
        pass
    assert caught.value.id == "folder-not-ours"
    assert (folder / "customers.csv").read_text() == "id\nA\n"


def test_stage_files_that_fails_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    with pytest.raises(KeyError), stage_files(tmp_path) as staged:
        (staged / "a").write_text("half")
        raise KeyError
    assert list_names(tmp_path) == []
