"""Every command with an output refuses one that is the settings file; a gallery keeps pages."""

from __future__ import annotations

import shutil
from pathlib import Path

import click
import pytest
from support.examples import PLAN
from support.program import CASE, Done, call

from refgraph import analyses
from refgraph.commands.cli import cli
from refgraph.commands.command_names import COMMANDS


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A copy of l96 that may be destroyed."""
    return Path(shutil.copytree(CASE, tmp_path / "case"))


def read_all(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_refused(done: Done, id: str) -> None:
    assert done.code == 2, done
    assert id in done.err
    assert len(done.err.splitlines()) == 2
    assert done.out == ""


def load_command(name: str) -> click.Command:
    command = cli.get_command(click.Context(cli), name)
    assert command
    return command


EXAMPLES = {
    "chart": ["chart", "top-recommenders", "{case}"],
    "customer": ["customer", "L01", "{case}"],
    "draw": ["draw", "L01", "{case}"],
    "timeline": ["timeline", "effect", "{case}"],
    "changes": ["changes", "effect", "{case}", "--then", "2020", "--now", "2024"],
    "why": ["why", "C001", "{case}"],
    "rows": ["rows", "effect", "{case}", "--row", "customers", "--column", "share"],
    "catalog": ["catalog"],
    "rewards": ["rewards", str(PLAN), "{case}"],
    "payouts": ["payouts", str(PLAN), "{case}"],
    "introduce": ["introduce", "{case}", "--to", "C001"],
    "snapshot": ["snapshot", "list"],
}
"""Words of a call of the commands that need more than a SOURCE."""
PICTURES = {"chart": "tree.svg", "draw": "tree.svg", "explore": "tree.html"}
"""Commands that write pictures or pages only and refuse other suffixes first -> a name with one."""
WRITERS = [
    name
    for name in [*COMMANDS, *analyses.NAMES]
    if name in EXAMPLES or any(p.name == "output" for p in load_command(name).params)
]


def test_every_command_with_an_output_is_known() -> None:
    groups = [name for name in COMMANDS if isinstance(load_command(name), click.Group)]
    assert set(groups) - {"write-back"} <= set(WRITERS)


@pytest.mark.parametrize("name", [name for name in WRITERS if name != "init"])
def test_every_command_but_init_refuses_an_output_that_is_the_settings_file(
    case: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(case)
    before = read_all(case)
    words = [word.replace("{case}", str(case)) for word in EXAMPLES.get(name, [name, str(case)])]
    link = case / PICTURES.get(name, "tree.svg")
    link.symlink_to(case / "refgraph.toml")
    for target in [link.name] if name in PICTURES else ["refgraph.toml", link.name]:
        assert_refused(call(*words, "-o", target), "would overwrite")
    link.unlink()
    own = (case / "refgraph.toml").rename(case / f"own{link.suffix}")
    if "--config" in [flag for p in load_command(name).params for flag in p.opts]:
        done = call(*words, "--config", own.name, "-o", own.name)
        assert_refused(done, "would overwrite")
        own.rename(case / "refgraph.toml")
        assert read_all(case) == before


@pytest.mark.parametrize("name", ["customers.csv", "refgraph.toml"])
def test_claimed_count_refuses_an_output_that_is_an_input(case: Path, name: str) -> None:
    before = read_all(case)
    done = call("effect", str(case), "--claimed", "3/9", "-o", str(case / name))
    assert_refused(done, "would overwrite")
    assert read_all(case) == before


def test_gallery_replaces_its_own_page_and_no_other(case: Path) -> None:
    folder = case.parent / "trees"
    words = ["draw", "--all", str(case), "-o", str(folder), "--no-embed-font"]
    assert call(*words).code == 0
    assert call(*words, "--lang", "zh").code == 0
    page = folder / "index.html"
    page.write_text("<!doctype html><title>my own</title>")
    before = read_all(folder)
    done = call(*words)
    assert (done.code, len(done.err.splitlines())) == (5, 2)
    assert "index.html" in done.err
    assert read_all(folder) == before
