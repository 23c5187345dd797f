"""scripts/neo4j as a person uses it; the password, known to the test, is looked for wherever it must not be."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import neo4j_server as helper
import pytest
from neo4j_tools import home as house, jars, server as servers
from neo4j_tools.__main__ import cell, paste, size

ROOT = Path(__file__).parent.parent


def script(*words: object, said: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """What scripts/neo4j runs once its environment stands."""
    env = os.environ | {"PYTHONPATH": str(ROOT / "scripts")} | environment
    return subprocess.run([sys.executable, "-m", "neo4j_tools", *map(str, words)], env=env, cwd=ROOT, input=said,
                          capture_output=True, text=True, check=False)  # fmt: skip


def command_lines() -> str:
    """The argument lists and, where they may be read, the environments of all processes."""
    found = []
    for name in ("cmdline", "environ"):
        for path in Path("/proc").glob(f"[0-9]*/{name}"):
            try:
                found.append(path.read_bytes().decode("utf-8", "replace"))
            except OSError:
                continue
    return "\n".join(found)


@pytest.mark.neo4j
def test_a_server_from_start_to_stop(tmp_path: Path) -> None:
    helper.needed()
    home = tmp_path / "a home 家"
    try:
        story(home)
    finally:
        left = servers.find(home)
        if left:
            left.kill()


def story(home: Path) -> None:
    """Start, paste, ask, start again, stop; nothing said on the way holds the password."""
    begun = script("start", "--home", home, "--offline", LC_ALL="C")  # offline: the jars are here
    assert begun.returncode == 0, begun.stderr
    assert [(home / "data" / "databases" / "neo4j").is_dir(), *home.parent.iterdir()] == [True, home]
    uri, paste = begun.stdout.splitlines()
    assert re.fullmatch(r"NEO4J_URI=neo4j://127\.0\.0\.1:\d+", uri)
    assert paste == f"set -a; . '{home}/env'; set +a"
    shown = subprocess.run(["sh", "-c", f"{paste}; env"], capture_output=True, text=True, check=True).stdout.splitlines()
    given = dict(line.split("=", 1) for line in shown if line.startswith("NEO4J_"))
    assert f"NEO4J_URI={given['NEO4J_URI']}" == uri
    assert (given["NEO4J_USERNAME"], given["NEO4J_DATABASE"]) == ("neo4j", "neo4j")

    state = script("status", "--home", home)
    facts = dict(line.split("\t") for line in state.stdout.splitlines())
    assert (facts["state"], facts["uri"], facts["env"]) == ("running", given["NEO4J_URI"], str(home / "env"))
    assert facts["version"] == "Neo4j Kernel 5.26.31 community" and float(facts["data"].split()[0]) > 0
    assert servers.alive(int(facts["pid"]), home)

    asked = script("cypher", "--home", home, "UNWIND [1, null] AS n RETURN n, 'a\tb' AS t, [n, date('2020-02-29')] AS l")
    assert asked.stdout == 'n\tt\tl\n1\ta\\tb\t[1, "2020-02-29"]\n\ta\\tb\t[null, "2020-02-29"]\n'
    written = script("cypher", "--home", home, "-", said="CREATE (:Odd {key: 1})-[:TO {w: 2}]->(:Odd)")
    assert (written.returncode, written.stdout, written.stderr) == (0, "", "")
    path = script("cypher", "--home", home, "MATCH p = (n)-[r]->() RETURN n, r, p")
    assert path.stdout == 'n\tr\tp\n{"key": 1}\t{"w": 2}\t[{"key": 1}, {}]\n'
    wrong = script("cypher", "--home", home, "RETRUN 1")
    assert wrong.returncode == 4
    assert wrong.stderr.startswith("neo4j: Neo.ClientError.Statement.SyntaxError: ") and "Traceback" not in wrong.stderr

    again = script("start", "--home", home)
    assert (again.stdout, again.returncode) == (begun.stdout, 0) and "runs already" in again.stderr
    lost(home)
    running = command_lines()
    ended = script("stop", "--home", home)
    assert (ended.stdout, ended.returncode) == ("stopped\n", 0)
    said = [done.stdout + done.stderr for done in (begun, state, asked, written, path, wrong, again, ended)]
    nowhere(given["NEO4J_PASSWORD"], home, running, *said)
    stopped(home)


def lost(home: Path) -> None:
    """Without the env file nobody gets in, but what runs is told and can be stopped."""
    (home / "env").rename(home / "aside")
    state = script("status", "--home", home)
    facts = dict(line.split("\t") for line in state.stdout.splitlines())
    assert (state.returncode, facts["state"], facts["version"][:8]) == (0, "running", "unknown:")
    begun = script("start", "--home", home)
    assert begun.returncode == 4 and not begun.stdout and "the password is lost" in begun.stderr
    (home / "aside").rename(home / "env")


def nowhere(password: str, home: Path, *texts: str) -> None:
    """The password is in none of the texts, and in no file but the one that its owner alone can read."""
    assert len(password) >= 24
    assert not [text for text in texts if password in text]
    holding = [path for path in home.rglob("*") if path.is_file() and password.encode() in path.read_bytes()]
    assert holding == [home / "env"]
    assert (home / "env").stat().st_mode & 0o777 == 0o600


def stopped(home: Path) -> None:
    """What each action says of a server that does not run."""
    state = script("status", "--home", home).stdout.splitlines()
    assert state[:2] == ["state\tstopped", f"home\t{home}"] and len(state) == 3
    assert script("stop", "--home", home).stdout == "not running\n"
    asked = script("cypher", "--home", home, "RETURN 1")
    assert asked.returncode == 4 and "start it with scripts/neo4j start" in asked.stderr


@pytest.mark.parametrize("action", ["stop", "status"])
def test_where_no_server_ever_was(action: str, tmp_path: Path) -> None:
    done = script(action, "--home", tmp_path / "none")
    told = {"stop": "not running\n", "status": f"state\tstopped\nhome\t{tmp_path / 'none'}\ndata\tnone\n"}
    assert (done.returncode, done.stdout) == (0, told[action])
    assert not (tmp_path / "none").exists()


def test_without_java_one_sentence_and_code_4(tmp_path: Path) -> None:
    done = script("start", "--home", tmp_path, PATH="", JAVA_HOME="")
    assert (done.returncode, done.stdout) == (4, "")
    told = f"neo4j: {jars.NO_JAVA}."
    assert done.stderr in (f"{told}\n", f"{told} {jars.NO_MAVEN}.\n")


def test_the_front_finds_its_environment_from_anywhere(tmp_path: Path) -> None:
    tree, tools = tmp_path / "tree", tmp_path / "bin"
    shutil.copytree(ROOT / "scripts", tree / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml"):
        shutil.copy(ROOT / name, tree)
    (tree / ".venv" / "bin").mkdir(parents=True)
    (tree / ".venv" / "bin" / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (tree / ".venv" / "bin" / "python").chmod(0o755)
    with (tree / ".venv" / ".installed-plain").open("w") as mark:
        subprocess.run("cat setup.cfg pyproject.toml | cksum | tr -d ' '", shell=True, cwd=tree, stdout=mark, check=True)
    tools.mkdir()
    for tool in ("cat", "cksum", "tr", "dirname", "sh"):
        (tools / tool).symlink_to(shutil.which(tool) or tool)
    env = {"PATH": str(tools), "LANG": "C.UTF-8"}
    said = [subprocess.run([tree / "scripts" / "neo4j", word], cwd=tools, env=env, capture_output=True, text=True, check=False)
            for word in ("status", "start")]  # fmt: skip
    assert said[0].stdout == f"state\tstopped\nhome\t{tree / '.neo4j' / 'home'}\ndata\tnone\n"
    assert (said[1].returncode, said[1].stdout) == (4, "")
    assert said[1].stderr == f"neo4j: {jars.NO_JAVA}. {jars.NO_MAVEN}.\n"


def test_a_reader_that_leaves_is_no_fault(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    env = os.environ | {"PYTHONPATH": str(ROOT / "scripts")}
    done = subprocess.run([sys.executable, "-m", "neo4j_tools", "status", "--home", tmp_path], stdout=write, env=env, cwd=ROOT,
                          stderr=subprocess.PIPE, check=False)  # fmt: skip
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


def test_what_is_pasted_is_never_looked_for_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running = servers.Server("neo4j://127.0.0.1:1", "neo4j", "x", 1, tmp_path / "home")
    house.prepare(running.home, tmp_path, "", False)
    house.write_variables(running.home, running.uri, "x")
    for place, named in ((running.home, "./env"), (tmp_path, "home/env"), (tmp_path / "home" / "run", str(running.env_file))):
        monkeypatch.chdir(place)
        assert paste(running).splitlines()[1] == f"set -a; . {named}; set +a"
        shown = subprocess.run(["sh", "-c", f"{paste(running)}; env"], capture_output=True, text=True, check=True).stdout
        assert "NEO4J_PASSWORD=x\n" in shown


def test_help_and_calls_that_are_none() -> None:
    assert "start|stop|status|cypher" in script("--help").stdout
    assert script().returncode == 2
    assert script("start", "--heap", "much").returncode == 2


@pytest.mark.neo4j
def test_a_password_changed_behind_its_back_is_said(neo4j_empty: servers.Server) -> None:
    home, how = neo4j_empty.home, house.how(neo4j_empty.home)
    neo4j_empty.stop()
    house.write_variables(home, neo4j_empty.uri, "another-password")
    done = script("start", "--home", home)
    house.write_variables(home, neo4j_empty.uri, neo4j_empty.password)
    house.write_how(home, **how)
    assert done.returncode == 4 and "is not the one in its env file" in done.stderr
    assert servers.find(home) is None
    neo4j_empty.restart()
    assert neo4j_empty.running()


def test_sizes_and_cells() -> None:
    assert (size("512M"), size("2g")) == ("512m", "2g")
    assert [cell(v) for v in (None, True, 1.5, "a\\n\r\n", ["x", None], {"k": 1})] == [
        "", "true", "1.5", "a\\\\n\\r\\n", '["x", null]', '{"k": 1}']  # fmt: skip


def test_a_home_that_java_could_not_read_is_refused(tmp_path: Path) -> None:
    for name in ("a:b", "a\\b", "a\nb"):
        with pytest.raises(helper.Fault, match="cannot live in"):
            house.prepare(tmp_path / name, tmp_path, "", False)
        assert not (tmp_path / name).exists()
