"""scripts/neo4j as a person uses it; the password is searched for wherever it must not be."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from neo4j_tools import jars, server_home
from neo4j_tools import server as servers
from support import neo4j_server as helper

ROOT = Path(__file__).parent.parent
SCRIPT_MODULE = [sys.executable, "-m", "neo4j_tools"]
Completed = subprocess.CompletedProcess[str]


def run_script(*words: object, stdin: str = "", **variables: str) -> Completed:
    """What scripts/neo4j runs once its environment exists."""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "scripts")} | variables
    return subprocess.run(
        [*SCRIPT_MODULE, *map(str, words)],
        env=environment,
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def read_processes() -> str:
    """The command lines and, as far as permitted, the environments of all processes."""
    texts = []
    for name in ("cmdline", "environ"):
        for path in Path("/proc").glob(f"[0-9]*/{name}"):
            try:
                texts.append(path.read_bytes().decode("utf-8", "replace"))
            except OSError:
                continue
    return "\n".join(texts)


def read_facts(completed: Completed) -> dict[str, str]:
    """The lines of ``status``."""
    return dict(line.split("\t") for line in completed.stdout.splitlines())


@dataclass(frozen=True)
class StartedHome:
    """A server started by the script. variables: what its pasted line sets in a shell."""

    path: Path
    start: Completed
    variables: dict[str, str]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartedHome]:
    """A server in a folder with a space and a Chinese character, in a locale without UTF-8."""
    helper.require_server()
    path = tmp_path_factory.mktemp("script") / "a home 家"
    try:
        start = run_script("start", "--home", path, "--offline", LC_ALL="C", **helper.FAST_JAVA)
        assert start.returncode == 0, start.stderr
        paste = start.stdout.splitlines()[1]
        shell = ["sh", "-c", f"{paste}; env"]
        printed = subprocess.run(shell, capture_output=True, text=True, check=True).stdout
        lines = [line for line in printed.splitlines() if line.startswith("NEO4J_")]
        yield StartedHome(path, start, dict(line.split("=", 1) for line in lines))
    finally:
        running = servers.find_server(path)
        if running:
            running.kill()


@pytest.mark.neo4j
def test_script_start_prints_what_to_paste(home: StartedHome) -> None:
    uri, paste = home.start.stdout.splitlines()
    assert re.fullmatch(r"NEO4J_URI=neo4j://127\.0\.0\.1:\d+", uri)
    assert uri == f"NEO4J_URI={home.variables['NEO4J_URI']}"
    assert paste == f"set -a; . '{home.path}/env'; set +a"
    assert home.variables["NEO4J_USERNAME"] == home.variables["NEO4J_DATABASE"] == "neo4j"
    assert (home.path / "data" / "databases" / "neo4j").is_dir()
    assert list(home.path.parent.iterdir()) == [home.path]


@pytest.mark.neo4j
def test_script_status_running_server_lists_facts(home: StartedHome) -> None:
    facts = read_facts(run_script("status", "--home", home.path))
    assert facts["state"] == "running"
    assert facts["uri"] == home.variables["NEO4J_URI"]
    assert facts["env"] == str(home.path / "env")
    assert facts["version"] == "Neo4j Kernel 5.26.31 community"
    assert float(facts["data"].split()[0]) > 0
    assert servers.is_alive(int(facts["pid"]), home.path)


@pytest.mark.neo4j
def test_script_cypher_prints_tsv(home: StartedHome) -> None:
    statement = "UNWIND [1, null] AS n RETURN n, 'a\tb' AS t, [n, date('2020-02-29')] AS l"
    rows = run_script("cypher", "--home", home.path, statement)
    assert rows.stdout == 'n\tt\tl\n1\ta\\tb\t[1, "2020-02-29"]\n\ta\\tb\t[null, "2020-02-29"]\n'


@pytest.mark.neo4j
def test_script_cypher_from_stdin_without_columns_prints_nothing(home: StartedHome) -> None:
    create = "CREATE (:Odd {key: 1})-[:TO {w: 2}]->(:Odd)"
    created = run_script("cypher", "--home", home.path, "-", stdin=create)
    assert (created.returncode, created.stdout, created.stderr) == (0, "", "")
    paths = run_script("cypher", "--home", home.path, "MATCH p = (n)-[r]->() RETURN n, r, p")
    assert paths.stdout == 'n\tr\tp\n{"key": 1}\t{"w": 2}\t[{"key": 1}, {}]\n'


@pytest.mark.neo4j
def test_script_cypher_error_exits_4_with_the_words_of_the_server(home: StartedHome) -> None:
    wrong = run_script("cypher", "--home", home.path, "RETRUN 1")
    assert wrong.returncode == 4
    assert wrong.stderr.startswith("neo4j: Neo.ClientError.Statement.SyntaxError: ")
    assert "Traceback" not in wrong.stderr


@pytest.mark.neo4j
def test_script_start_again_prints_the_same(home: StartedHome) -> None:
    again = run_script("start", "--home", home.path)
    assert (again.stdout, again.returncode) == (home.start.stdout, 0)
    assert "runs already" in again.stderr


@pytest.mark.neo4j
def test_script_without_env_file_status_works_and_start_fails(home: StartedHome) -> None:
    (home.path / "env").rename(home.path / "moved")
    try:
        state = run_script("status", "--home", home.path)
        facts = read_facts(state)
        assert (state.returncode, facts["state"]) == (0, "running")
        assert facts["version"].startswith("unknown:")
        start = run_script("start", "--home", home.path)
        assert (start.returncode, start.stdout) == (4, "")
        assert "the password is lost" in start.stderr
    finally:
        (home.path / "moved").rename(home.path / "env")


@pytest.mark.neo4j
def test_script_password_is_only_in_its_private_file(home: StartedHome) -> None:
    password = home.variables["NEO4J_PASSWORD"]
    assert len(password) >= 24
    state = run_script("status", "--home", home.path)
    for completed in (home.start, state):
        assert password not in completed.stdout + completed.stderr
    assert password not in read_processes()
    files = [path for path in home.path.rglob("*") if path.is_file()]
    assert [f for f in files if password.encode() in f.read_bytes()] == [home.path / "env"]
    assert (home.path / "env").stat().st_mode & 0o777 == 0o600


@pytest.mark.neo4j
def test_script_stop_ends_the_server(home: StartedHome) -> None:
    """The last test of the server that the module shares."""
    ended = run_script("stop", "--home", home.path)
    assert (ended.stdout, ended.returncode) == ("stopped\n", 0)
    state = run_script("status", "--home", home.path).stdout.splitlines()
    assert state[:2] == ["state\tstopped", f"home\t{home.path}"]
    assert len(state) == 3
    assert run_script("stop", "--home", home.path).stdout == "not running\n"
    asked = run_script("cypher", "--home", home.path, "RETURN 1")
    assert asked.returncode == 4
    assert "start it with scripts/neo4j start" in asked.stderr


@pytest.mark.slow
@pytest.mark.neo4j(restarts=True)
def test_script_start_changed_password_is_reported(neo4j_empty: servers.Server) -> None:
    home, options = neo4j_empty.home, server_home.read_start_options(neo4j_empty.home)
    neo4j_empty.stop()
    server_home.write_variables(home, neo4j_empty.uri, "another-password")
    start = run_script("start", "--home", home)
    server_home.write_variables(home, neo4j_empty.uri, neo4j_empty.password)
    server_home.write_start_options(home, **options)
    assert start.returncode == 4
    assert "is not the one in its env file" in start.stderr
    assert servers.find_server(home) is None
    neo4j_empty.restart()
    assert neo4j_empty.is_running()


def test_script_stop_and_status_without_server(tmp_path: Path) -> None:
    home = tmp_path / "none"
    stop = run_script("stop", "--home", home)
    assert (stop.returncode, stop.stdout) == (0, "not running\n")
    status = run_script("status", "--home", home)
    expected = f"state\tstopped\nhome\t{home}\ndata\tnone\n"
    assert (status.returncode, status.stdout) == (0, expected)
    assert not home.exists()


def test_script_start_without_java_exits_4(tmp_path: Path) -> None:
    start = run_script("start", "--home", tmp_path, PATH="", JAVA_HOME="")
    assert (start.returncode, start.stdout) == (4, "")
    first_line = f"neo4j: {jars.NO_JAVA}."
    assert start.stderr in (f"{first_line}\n", f"{first_line} {jars.NO_MAVEN}.\n")


def test_script_closed_pipe_exits_0(tmp_path: Path) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    completed = subprocess.run(
        [*SCRIPT_MODULE, "status", "--home", tmp_path],
        stdout=write_end,
        env=os.environ | {"PYTHONPATH": str(ROOT / "scripts")},
        cwd=ROOT,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write_end)
    assert (completed.returncode, completed.stderr) == (0, b"")


def test_script_help_and_invalid_calls() -> None:
    assert "start|stop|status|cypher" in run_script("--help").stdout
    assert run_script().returncode == 2
    assert run_script("start", "--heap", "much").returncode == 2
