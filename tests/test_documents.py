"""The documents are true: their commands run and print what they show.

Generated pages are up to date.
"""

from __future__ import annotations

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
from support.program import call, replace_surroundings

import refgraph
from refgraph import analyses
from refgraph.commands.cli import cli
from refgraph.commands.command_names import COMMANDS

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "README.zh.md", *sorted((ROOT / "docs").glob("*.md"))]
CONSOLE = re.compile(r"```console\n\$ (.*)\n((?:.*\n)*?)```")
SHELL = re.compile(r"```sh\n((?:.*\n)*?)```")
SESSIONS = [("README.md", 5), ("docs/python.md", 8), ("docs/tutorial.md", 5)]
"""Page, and how many examples of Python it has at least."""
LINK = re.compile(r"\]\(([^)#:]+)\)")
ENVIRONMENT = {"PATH": "", "LANG": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}


def find_console_blocks() -> list[tuple[str, str]]:
    """(command, output shown) of every page, each command once."""
    blocks = [
        block for page in PAGES for block in CONSOLE.findall(page.read_text(encoding="utf-8"))
    ]
    return sorted({b for b in blocks if b[0].startswith("scripts/refgraph ")})


def run_program(command: str, folder: Path = ROOT) -> str:
    """Standard output of a command of the documents."""
    with replace_surroundings(ENVIRONMENT | {"COLUMNS": "80"}, folder):
        done = call(*shlex.split(command)[1:])
    assert done.code == 0, done.err
    return done.out


@pytest.mark.parametrize(("command", "shown"), find_console_blocks())
def test_console_block_prints_what_the_page_shows(command: str, shown: str) -> None:
    lines = shown.splitlines()
    pattern = "".join("(?:.*\n)*?" if line == "..." else re.escape(line) + "\n" for line in lines)
    printed = run_program(command)
    assert re.fullmatch(pattern, printed), printed[:2000]


def find_shell_commands() -> list[str]:
    """Commands of the tutorial and the README that write a file, in both languages."""
    pages = [path for path in PAGES if path.name.startswith(("README", "tutorial"))]
    blocks = [block for page in pages for block in SHELL.findall(page.read_text(encoding="utf-8"))]
    return sorted({line for block in blocks for line in block.splitlines()})


@pytest.mark.parametrize("command", find_shell_commands())
def test_shell_command_writes_its_file(command: str, tmp_path: Path) -> None:
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    run_program(command, tmp_path)
    assert (tmp_path / command.split()[-1]).stat().st_size > 500


@pytest.mark.parametrize("name", ["README", "docs/tutorial"])
def test_chinese_page_shows_the_questions_of_the_english_one(name: str) -> None:
    def list_questions(suffix: str) -> list[str]:
        text = (ROOT / f"{name}{suffix}").read_text(encoding="utf-8")
        commands = [command for command, _ in CONSOLE.findall(text)]
        lines = [*commands, *"".join(SHELL.findall(text)).splitlines()]
        return [line.replace(" --lang zh", "") for line in lines if line != "scripts/test"]

    assert list_questions(".zh.md") == list_questions(".md")


def test_readme_begins_with_the_two_commands() -> None:
    blocks = CONSOLE.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert [b[0] for b in blocks[:2]] == ["scripts/refgraph report sample_data/l96", "scripts/test"]


def test_links_between_pages_lead_to_files() -> None:
    for page in [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", ROOT / "SECURITY.md"]:
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_command_page_has_a_section_per_command() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    sections = set(re.findall(r"^## ([a-z-]+)$", page, re.M))
    assert sections == {*analyses.NAMES, *COMMANDS}
    assert sections == set(cli.list_commands(click.Context(cli)))


def test_python_page_has_a_section_per_public_name() -> None:
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"^### (\w+)$", page, re.M))
    assert shown == set(refgraph.__all__) - {"__version__", "ask", "errors", "RefgraphWarning"}
    errors = [name for name in vars(refgraph.errors) if name.endswith(("Error", "Warning"))]
    functions = [name.replace("-", "_") for name in analyses.NAMES]
    assert not [name for name in (*errors, *functions) if f"| `{name}` |" not in page]


def test_generated_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "docs_maker", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=ENVIRONMENT | {"PYTHONPATH": f"{ROOT}:{ROOT / 'scripts'}"},
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("document", "least"), [("README.md", 5), ("docs/python.md", 8), ("docs/tutorial.md", 5)]
)
def test_python_session_prints_what_the_page_shows(
    document: str, least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("REFGRAPH_LANG", "en")
    text = (ROOT / document).read_text(encoding="utf-8")
    sessions = "".join(re.findall(r"```pycon\n(.*?)```", text, re.S))
    test = doctest.DocTestParser().get_doctest(sessions, {}, document, document, 0)
    assert len(test.examples) > least
    output: list[str] = []
    failed, _ = doctest.DocTestRunner(verbose=False).run(test, out=output.append)
    assert not failed, "".join(output)
