"""The server that other tests stand on: fresh, private, the same after a stop and after a kill."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import neo4j_server as helper
import pytest
from neo4j.exceptions import AuthError
from neo4j_tools import Fault, Missing, jars, server as servers
from neo4j_tools.server import Server

ROOT = Path(__file__).parent.parent
LINUX = Path("/proc/self").exists()


def ask(server: Server, statement: str) -> object:
    with server.driver() as driver, driver.session(database="neo4j") as session:
        row = session.run(statement).single()
        return row[0] if row else None


@pytest.mark.neo4j
def test_it_is_empty_and_asks_for_its_password(neo4j_empty: Server) -> None:
    from neo4j import GraphDatabase

    assert ask(neo4j_empty, "MATCH (n) RETURN count(n)") == 0
    for auth in (("neo4j", "neo4j"), None):
        with pytest.raises(AuthError), GraphDatabase.driver(neo4j_empty.uri, auth=auth) as driver:
            driver.verify_connectivity()
    assert len(neo4j_empty.password) >= 24
    assert neo4j_empty.password not in repr(neo4j_empty)


@pytest.mark.neo4j
@pytest.mark.skipif(not LINUX, reason="sockets are listed in /proc on Linux alone")
def test_it_listens_on_loopback_alone(neo4j_empty: Server) -> None:
    listening = {line.split()[1] for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
                 if line.split()[3] == "0A"}  # fmt: skip
    port = f"{int(neo4j_empty.uri.rsplit(':', 1)[1]):04X}"
    addresses = {a.split(":")[0] for a in listening if a.endswith(f":{port}")}
    assert addresses <= {"0100007F", "0000000000000000FFFF00000100007F"} and addresses


@pytest.mark.neo4j
def test_the_wipe_takes_the_schema_only_when_asked(neo4j_empty: Server) -> None:
    ask(neo4j_empty, "CREATE CONSTRAINT odd_key IF NOT EXISTS FOR (n:Odd) REQUIRE n.key IS UNIQUE")
    ask(neo4j_empty, "CREATE (:Odd {key: 1})-[:TO]->(:Odd {key: 2})")
    helper.wipe(neo4j_empty)
    assert ask(neo4j_empty, "MATCH (n) RETURN count(n)") == 0
    assert ask(neo4j_empty, "SHOW CONSTRAINTS YIELD name WHERE name = 'odd_key' RETURN count(*)") == 1
    helper.wipe(neo4j_empty, schema=True)
    assert ask(neo4j_empty, "SHOW CONSTRAINTS YIELD name RETURN count(*)") == 0


@pytest.mark.neo4j
def test_data_password_and_port_outlive_a_stop_and_a_kill(neo4j_empty: Server) -> None:
    uri, password = neo4j_empty.uri, neo4j_empty.password
    for way in (neo4j_empty.stop, neo4j_empty.kill):
        ask(neo4j_empty, "CREATE (:Kept)")
        way()
        assert not neo4j_empty.running()
        assert servers.find(neo4j_empty.home) is None
        neo4j_empty.restart()
        assert neo4j_empty.running()
    assert (neo4j_empty.uri, neo4j_empty.password) == (uri, password)
    assert ask(neo4j_empty, "MATCH (n:Kept) RETURN count(n)") == 2


@pytest.mark.neo4j
def test_a_second_start_in_the_same_folder_finds_the_first(neo4j_empty: Server) -> None:
    again: list[Server] = []
    threads = [threading.Thread(target=lambda: again.append(helper.started(neo4j_empty.home))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(s.pid, s.uri, s.password) for s in again] == [(neo4j_empty.pid, neo4j_empty.uri, neo4j_empty.password)] * 2


@pytest.mark.neo4j
def test_a_port_taken_meanwhile_is_no_trouble(neo4j_empty: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = int(neo4j_empty.uri.rsplit(":", 1)[1])
    free = servers.free_port
    answers = iter([taken])
    monkeypatch.setattr(servers, "free_port", lambda wanted=None: next(answers, None) or free())
    second = helper.started(tmp_path / "a house", auth=False)
    try:
        assert not second.uri.endswith(str(taken))
        assert ask(second, "RETURN 1") == 1
        assert second.password == ""
    finally:
        helper.ended(second)


@pytest.mark.neo4j
def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    helper.needed()
    with pytest.raises(Fault, match="ended with code 1 while it started.*lots"):
        servers.start(tmp_path, page_cache="lots", fast=True)
    assert servers.find(tmp_path) is None


@pytest.mark.neo4j
@pytest.mark.skipif(not LINUX, reason="only Linux ends a child with its parent")
def test_it_ends_with_the_worker_that_was_killed(tmp_path: Path) -> None:
    helper.needed()
    begin = f"print(n.started(pathlib.Path({str(tmp_path)!r})).pid, flush=True)"
    code = f"import os, pathlib, neo4j_server as n; {begin}; os._exit(9)"
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(ROOT / "tests")}, capture_output=True,
                          text=True, check=False)  # fmt: skip
    gone = Server("", "", "", int(done.stdout), tmp_path)
    gone._end(servers.signal.SIGTERM, 60)
    assert done.returncode == 9 and not gone.running()


def test_a_port_in_use_is_not_given_out() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", servers.free_port()))
        held.listen()
        port = held.getsockname()[1]
        assert servers.free_port(port) != port
        assert servers.free_port(port) in servers.PORTS
    assert servers.free_port(port) == port


def test_a_pid_that_another_has_now_is_nobodys_server(tmp_path: Path) -> None:
    assert not servers.alive(os.getpid(), tmp_path)
    assert not Server("", "", "", os.getpid(), tmp_path).running()


@pytest.mark.parametrize(("ci", "kind"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_without_java_tests_are_skipped_by_name_and_fail_in_ci(ci: str, kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(kind, match="Java 17 or newer is missing"):
        helper.needed()


def test_the_last_line_of_all_tests_says_what_was_skipped_and_what_to_install() -> None:
    words = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(Path(__file__)), "-k", "is_empty or the_wipe"]
    done = subprocess.run(words, env=os.environ | {"PATH": "", "JAVA_HOME": "", "CI": "", "PYTEST_ADDOPTS": ""}, cwd=ROOT,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1].startswith("2 neo4j tests skipped: Java 17 or newer is missing: install it (Debian: ")


def test_a_test_with_a_server_needs_the_mark() -> None:
    def item(name: str, mark: bool, *fixtures: str) -> SimpleNamespace:
        return SimpleNamespace(nodeid=name, fixturenames=fixtures, get_closest_marker=lambda wanted: mark or None)

    items = [item("a", True, "neo4j_empty"), item("b", False, "neo4j_server"), item("c", False, "tmp_path"), item("d", False)]
    assert helper.unmarked(items) == ["b"]  # type: ignore[arg-type]


def maven(folder: Path, body: str) -> None:
    """A stand-in for mvn that logs its calls, and what it does with the folder asked for."""
    out = "for w; do case $w in -DoutputDirectory=*) out=${w#*=};; esac; done"
    (folder / "mvn").write_text(f"#!/bin/sh\necho \"$@\" >>{folder}/calls\n{out}\n{body}\n")
    (folder / "mvn").chmod(0o755)


@pytest.fixture
def standin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the PATH for mvn; Java is said to be here."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(jars, "java", lambda: "java")
    return tmp_path


def test_many_fetches_at_once_call_maven_once(standin: Path) -> None:
    maven(standin, "mkdir $out; sleep 0.3; touch $out/neo4j-5.jar")
    found: list[Path] = []
    threads = [threading.Thread(target=lambda: found.append(jars.fetch(kept=standin / "kept"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and len(set(found)) == 1
    assert len((standin / "calls").read_text().splitlines()) == 1
    assert jars.fetch(True, standin / "kept", offline=True) != found[0]
    assert (standin / "calls").read_text().splitlines()[1].endswith("-Pplugins -o")


def test_a_fetch_that_failed_leaves_nothing_and_says_why(standin: Path) -> None:
    maven(standin, "mkdir $out; touch $out/neo4j-5.jar; echo '[ERROR] no network'; exit 1")
    with pytest.raises(Missing, match="no network"):
        jars.fetch(kept=standin / "kept")
    assert not jars.folder(kept=standin / "kept").exists()
    maven(standin, "mkdir $out; touch $out/neo4j-5.jar")  # also over the remains of one that was killed
    jars.folder(kept=standin / "kept").with_suffix(".new").mkdir()
    maven(standin, "mkdir $out && touch $out/neo4j-5.jar")
    assert jars.fetch(kept=standin / "kept").is_dir()


def test_the_oldest_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    for version, fine in {"1.8.0_402": False, "11.0.2": False, "17.0.15": True, "21": True}.items():
        (tmp_path / "bin" / "java").write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
        (tmp_path / "bin" / "java").chmod(0o755)
        assert (jars.java() is not None) == fine
    assert jars.missing(kept=tmp_path) == f"{jars.NO_MAVEN}."
    monkeypatch.delenv("JAVA_HOME")
    assert jars.missing(kept=tmp_path) == f"{jars.NO_JAVA}. {jars.NO_MAVEN}."
    jars.folder(kept=tmp_path).mkdir(parents=True)
    assert jars.missing(kept=tmp_path) == f"{jars.NO_JAVA}."


@pytest.mark.neo4j
def test_what_is_secret_is_readable_by_its_owner_alone(neo4j_empty: Server) -> None:
    for name in ("env", "server.json"):
        assert stat.S_IMODE((neo4j_empty.home / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(neo4j_empty.home.stat().st_mode) == 0o700
