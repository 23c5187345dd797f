"""Parts of scripts/neo4j that need no server."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from neo4j_tools import ToolError, jars, server_home
from neo4j_tools.__main__ import format_connection, parse_size
from neo4j_tools.server import Server
from neo4j_tools.statements import format_cell

ROOT = Path(__file__).parent.parent
SYSTEM_TOOLS = ("cat", "cksum", "tr", "dirname", "readlink", "sh")


def copy_project(tree: Path) -> None:
    """The scripts, with an environment that counts as installed."""
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "scripts", tree / "scripts", ignore=ignore)
    for name in ("setup.cfg", "pyproject.toml"):
        shutil.copy(ROOT / name, tree)
    python = tree / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    checksum = ["sh", "-c", "cat setup.cfg pyproject.toml | cksum | tr -d ' '"]
    mark = subprocess.run(checksum, cwd=tree, capture_output=True, text=True, check=True)
    (tree / ".venv" / ".installed-plain").write_text(mark.stdout)


def test_script_runs_from_any_folder(tmp_path: Path) -> None:
    tree, tools = tmp_path / "tree", tmp_path / "bin"
    copy_project(tree)
    tools.mkdir()
    for tool in SYSTEM_TOOLS:
        (tools / tool).symlink_to(shutil.which(tool) or tool)

    def run(action: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [tree / "scripts" / "neo4j", action],
            cwd=tools,
            env={"PATH": str(tools), "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
        )

    home = tree / ".neo4j" / "home"
    assert run("status").stdout == f"state\tstopped\nhome\t{home}\ndata\tnone\n"
    start = run("start")
    assert (start.returncode, start.stdout) == (4, "")
    assert start.stderr == f"neo4j: {jars.NO_JAVA}. {jars.NO_MAVEN}.\n"


@pytest.mark.parametrize(
    ("folder", "shown"), [("home", "./env"), (".", "home/env"), ("home/run", None)]
)
def test_format_connection_path_always_has_a_slash(
    folder: str, shown: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell looks for a name without a slash on the PATH. None: the absolute path."""
    server = Server(
        uri="neo4j://127.0.0.1:1", user="neo4j", password="x", pid=1, home=tmp_path / "home"
    )
    server_home.prepare_home(server.home, tmp_path, "", False)
    server_home.write_variables(server.home, server.uri, "x")
    monkeypatch.chdir(tmp_path / folder)
    printed = format_connection(server)
    assert printed.splitlines()[1] == f"set -a; . {shown or server.env_file}; set +a"
    shell = subprocess.run(
        ["sh", "-c", f"{printed}; env"], capture_output=True, text=True, check=True
    )
    assert "NEO4J_PASSWORD=x\n" in shell.stdout


@pytest.mark.parametrize("name", ["a:b", "a\\b", "a\nb"])
def test_prepare_home_unreadable_name_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="cannot live in"):
        server_home.prepare_home(tmp_path / name, tmp_path, "", False)
    assert not (tmp_path / name).exists()


def test_parse_size_lowers_case() -> None:
    assert (parse_size("512M"), parse_size("2g")) == ("512m", "2g")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (1.5, "1.5"),
        ("a\\n\r\n", "a\\\\n\\r\\n"),
        (["x", None], '["x", null]'),
        ({"k": 1}, '{"k": 1}'),
    ],
)
def test_format_cell_is_one_line(value: object, text: str) -> None:
    assert format_cell(value) == text
