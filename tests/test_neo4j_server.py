"""The server that other tests use: empty, private, the same after a stop and after a kill."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from neo4j.exceptions import AuthError
from neo4j_tools import ToolError
from neo4j_tools import server as servers
from neo4j_tools.server import Server
from support import neo4j_server as helper

ROOT = Path(__file__).parent.parent
LINUX = Path("/proc/self").exists()
LISTENING = "0A"
"""State of a listening socket in /proc/net/tcp."""
LOOPBACK = {"0100007F", "0000000000000000FFFF00000100007F"}


def ask(server: Server, statement: str) -> object:
    """The first value of a statement."""
    with server.driver() as driver, driver.session(database="neo4j") as session:
        row = session.run(statement).single()
        return row[0] if row else None


def is_java(server: Server | None) -> bool:
    """Whether the server has got as far as Java, past the program that ties it to its caller."""
    return server is not None and Path(f"/proc/{server.pid}/comm").read_text() == "java\n"


def make_server(pid: int, home: Path) -> Server:
    """A server that was not started here."""
    return Server(uri="", user="", password="", pid=pid, home=home)


@pytest.mark.neo4j
def test_server_is_empty_and_requires_its_password(neo4j_empty: Server) -> None:
    from neo4j import GraphDatabase

    assert ask(neo4j_empty, "MATCH (n) RETURN count(n)") == 0
    for auth in (("neo4j", "neo4j"), None):
        with pytest.raises(AuthError), GraphDatabase.driver(neo4j_empty.uri, auth=auth) as driver:
            driver.verify_connectivity()
    assert len(neo4j_empty.password) >= 24
    assert neo4j_empty.password not in repr(neo4j_empty)


@pytest.mark.neo4j
@pytest.mark.skipif(not LINUX, reason="sockets are listed in /proc on Linux only")
def test_server_listens_on_loopback_only(neo4j_empty: Server) -> None:
    port = f"{int(neo4j_empty.uri.rsplit(':', 1)[1]):04X}"
    addresses = set()
    for name in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]:
            _, local, _, state, *_ = line.split()
            address, local_port = local.split(":")
            if state == LISTENING and local_port == port:
                addresses.add(address)
    assert addresses
    assert addresses <= LOOPBACK


@pytest.mark.neo4j
def test_server_secret_files_are_private(neo4j_empty: Server) -> None:
    for name in ("env", "server.json"):
        assert stat.S_IMODE((neo4j_empty.home / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(neo4j_empty.home.stat().st_mode) == 0o700


@pytest.mark.neo4j
def test_wipe_removes_schema_only_on_request(neo4j_empty: Server) -> None:
    ask(neo4j_empty, "CREATE CONSTRAINT odd_key IF NOT EXISTS FOR (n:Odd) REQUIRE n.key IS UNIQUE")
    ask(neo4j_empty, "CREATE (:Odd {key: 1})-[:TO]->(:Odd {key: 2})")
    count = "SHOW CONSTRAINTS YIELD name WHERE name = 'odd_key' RETURN count(*)"
    helper.wipe(neo4j_empty)
    assert ask(neo4j_empty, "MATCH (n) RETURN count(n)") == 0
    assert ask(neo4j_empty, count) == 1
    helper.wipe(neo4j_empty, schema=True)
    assert ask(neo4j_empty, "SHOW CONSTRAINTS YIELD name RETURN count(*)") == 0


@pytest.mark.slow
@pytest.mark.neo4j(restarts=True)
@pytest.mark.parametrize("end", ["stop", "kill"])
def test_server_restart_keeps_data_password_and_port(end: str, neo4j_empty: Server) -> None:
    uri, password = neo4j_empty.uri, neo4j_empty.password
    ask(neo4j_empty, "CREATE (:Kept)")
    getattr(neo4j_empty, end)()
    assert not neo4j_empty.is_running()
    assert servers.find_server(neo4j_empty.home) is None
    neo4j_empty.restart()
    assert neo4j_empty.is_running()
    assert (neo4j_empty.uri, neo4j_empty.password) == (uri, password)
    assert ask(neo4j_empty, "MATCH (n:Kept) RETURN count(n)") == 1


@pytest.mark.neo4j
def test_start_server_twice_returns_the_same_server(neo4j_empty: Server) -> None:
    found: list[Server] = []

    def start() -> None:
        found.append(helper.start_test_server(neo4j_empty.home))

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = (neo4j_empty.pid, neo4j_empty.uri, neo4j_empty.password)
    assert [(server.pid, server.uri, server.password) for server in found] == [expected] * 2


@pytest.mark.slow
@pytest.mark.neo4j
def test_start_server_taken_port_uses_another(
    neo4j_empty: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = int(neo4j_empty.uri.rsplit(":", 1)[1])
    find_free_port = servers.find_free_port
    answers = iter([taken])

    def find_taken_port_first(wanted: int | None = None) -> int:
        return next(answers, None) or find_free_port()

    monkeypatch.setattr(servers, "find_free_port", find_taken_port_first)
    second = helper.start_test_server(tmp_path / "a house", auth=False)
    try:
        assert not second.uri.endswith(str(taken))
        assert ask(second, "RETURN 1") == 1
        assert second.password == ""
    finally:
        helper.stop_test_server(second)


@pytest.mark.neo4j
def test_start_server_bad_option_reports_the_cause(tmp_path: Path) -> None:
    helper.require_server()
    with pytest.raises(ToolError, match="ended with code 1 while it started.*lots"):
        servers.start_server(tmp_path, page_cache="lots", fast=True)
    assert servers.find_server(tmp_path) is None


@pytest.mark.neo4j
@pytest.mark.skipif(not LINUX, reason="only Linux ends a child with its parent")
def test_server_ends_with_its_killed_parent(tmp_path: Path) -> None:
    helper.require_server()
    code = (
        "import pathlib; from support import neo4j_server; "
        f"neo4j_server.start_test_server(pathlib.Path({str(tmp_path)!r}))"
    )
    path = os.pathsep.join([str(ROOT / "tests"), *sys.path])
    parent = subprocess.Popen(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": path}, stderr=subprocess.PIPE
    )
    while parent.poll() is None and not is_java(servers.find_server(tmp_path)):
        time.sleep(0.05)
    server = servers.find_server(tmp_path)
    parent.kill()
    _, errors = parent.communicate()
    assert server, errors
    deadline = time.monotonic() + 60
    while server.is_running() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not server.is_running()


def test_find_free_port_in_use_is_skipped() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", servers.find_free_port()))
        listener.listen()
        port = listener.getsockname()[1]
        other = servers.find_free_port(port)
        assert other != port
        assert other in servers.PORTS
    assert servers.find_free_port(port) == port


def test_is_alive_reused_pid_is_false(tmp_path: Path) -> None:
    assert not servers.is_alive(os.getpid(), tmp_path)
    assert not make_server(os.getpid(), tmp_path).is_running()


@pytest.mark.parametrize(
    ("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)]
)
def test_require_server_without_java_skips_and_fails_in_ci(
    ci: str, outcome: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(outcome, match="Java 17 or newer is missing"):
        helper.require_server()


def test_summary_names_skipped_tests_and_what_to_install() -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(Path(__file__))]
    no_java = {"PATH": "", "JAVA_HOME": "", "CI": "", "PYTEST_ADDOPTS": ""}
    completed = subprocess.run(
        [*command, "-k", "is_empty or test_wipe"],
        env=os.environ | no_java,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert completed.returncode == 0, completed.stdout
    expected = "2 neo4j tests skipped: Java 17 or newer is missing: install it (Debian: "
    assert completed.stdout.splitlines()[-1].startswith(expected)


def test_find_unmarked_test_with_server_needs_the_mark() -> None:
    def make_item(name: str, is_marked: bool, *fixtures: str) -> SimpleNamespace:
        return SimpleNamespace(
            nodeid=name,
            fixturenames=fixtures,
            get_closest_marker=lambda _: is_marked or None,
        )

    items = [
        make_item("a", True, "neo4j_empty"),
        make_item("b", False, "neo4j_server"),
        make_item("c", False, "tmp_path"),
        make_item("d", False),
    ]
    assert helper.find_unmarked(items) == ["b"]  # type: ignore[arg-type]
