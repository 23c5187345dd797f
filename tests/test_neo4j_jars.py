"""Java, Maven and the jars of the server, with stand-ins for both programs."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from neo4j_tools import MissingDependency, jars

FIND_OUTPUT = "for w; do case $w in -DoutputDirectory=*) out=${w#*=};; esac; done"


def write_program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def write_maven(folder: Path, script: str) -> None:
    """A stand-in for mvn that logs its calls; the script finds the output folder in $out."""
    write_program(folder / "mvn", f'echo "$@" >>{folder}/calls\n{FIND_OUTPUT}\n{script}')


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the PATH, for mvn; Java counts as installed."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(jars, "find_java", lambda: "java")
    return tmp_path


def test_fetch_jars_concurrently_calls_maven_once(folder: Path) -> None:
    write_maven(folder, "mkdir $out; sleep 0.3; touch $out/neo4j-5.jar")
    found: list[Path] = []

    def fetch() -> None:
        found.append(jars.fetch_jars(tool_folder=folder / "tool"))

    threads = [threading.Thread(target=fetch) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert len((folder / "calls").read_text().splitlines()) == 1


def test_fetch_jars_with_plugins_uses_another_folder(folder: Path) -> None:
    write_maven(folder, "mkdir $out; touch $out/neo4j-5.jar")
    plain = jars.fetch_jars(tool_folder=folder / "tool")
    with_plugins = jars.fetch_jars(True, folder / "tool", offline=True)
    assert plain != with_plugins
    assert (folder / "calls").read_text().splitlines()[1].endswith("-Pplugins -o")


def test_fetch_jars_failure_leaves_nothing_and_reports_why(folder: Path) -> None:
    script = "mkdir $out; touch $out/neo4j-5.jar; echo '[ERROR] no network'; exit 1"
    write_maven(folder, script)
    with pytest.raises(MissingDependency, match="no network"):
        jars.fetch_jars(tool_folder=folder / "tool")
    assert not jars.find_jar_folder(tool_folder=folder / "tool").exists()


def test_fetch_jars_after_a_killed_fetch_starts_anew(folder: Path) -> None:
    write_maven(folder, "mkdir $out && touch $out/neo4j-5.jar")
    unfinished = jars.find_jar_folder(tool_folder=folder / "tool").with_suffix(".new")
    unfinished.mkdir(parents=True)
    assert jars.fetch_jars(tool_folder=folder / "tool").is_dir()


@pytest.mark.parametrize(
    ("version", "is_accepted"),
    [("1.8.0_402", False), ("11.0.2", False), ("17.0.15", True), ("21", True)],
)
def test_find_java_accepts_17_and_newer(
    version: str, is_accepted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    write_program(tmp_path / "bin" / "java", f"echo 'openjdk version \"{version}\"' >&2")
    assert (jars.find_java() is not None) == is_accepted


def test_describe_missing_names_java_and_maven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(jars, "find_java", lambda: "java")
    assert jars.describe_missing(tool_folder=tmp_path) == f"{jars.NO_MAVEN}."
    monkeypatch.setattr(jars, "find_java", lambda: None)
    assert jars.describe_missing(tool_folder=tmp_path) == f"{jars.NO_JAVA}. {jars.NO_MAVEN}."


def test_describe_missing_with_jars_needs_no_maven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(jars, "find_java", lambda: None)
    jars.find_jar_folder(tool_folder=tmp_path).mkdir(parents=True)
    assert jars.describe_missing(tool_folder=tmp_path) == f"{jars.NO_JAVA}."
