"""The mutants of scripts/soak: each is one small change that Python can read."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from soak_tools import line_record, mutants, statements  # noqa: E402
from soak_tools.line_recorder import digest, write_entry  # noqa: E402

CHANGES = [
    ("comparison", "x >= 1", "x > 1"),
    ("comparison", "a in b", "a not in b"),
    ("constant", "f(0.5)", "f(1.5)"),
    ("constant", "True", "False"),
    ("operator", "a & b", "a | b"),
    ("operator", "x / 365", "x * 365"),
    ("argument", "f(a, b, c)", "f(b, a, c)"),
    ("filter", "frame.filter(x).head(3)", "frame.filter(x)"),
    ("sort", "frame.sort('a', descending=True)", "frame.sort('a')"),
]


@pytest.mark.parametrize(("kind", "before", "after"), CHANGES)
def test_mutant_changes_one_expression(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, before: str, after: str
) -> None:
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    (tmp_path / "a.py").write_text(f"x = {before}\n")
    mutant = mutants.make_mutant(Path("a.py"), kind, 0)
    assert mutant
    assert mutant.source == f"x = {after}\n"
    assert (mutant.line, mutant.kind) == (1, kind)


def test_mutants_leave_annotations_alone() -> None:
    tree = ast.parse("def f(x: int | None, y: f(1, 2) = 3) -> a | b:\n    z: c | d = 4\n")
    places = [ast.unparse(node) for _, node in mutants.list_places(tree)]
    assert sorted(places) == ["3", "4"]


def test_mutants_of_a_seed_are_the_same_differ_and_can_be_read() -> None:
    first, again = (list(mutants.draw_mutants(20, 5, None)) for _ in range(2))
    assert first == again
    assert len({mutant.kind for mutant in first}) > 3
    assert len({mutant.id for mutant in first}) == 20
    for mutant in first:
        ast.parse(mutant.source)
        original = ast.unparse(ast.parse((ROOT / mutant.path).read_text(encoding="utf-8")))
        assert mutant.source != original + "\n"


def test_equal_expressions_of_a_file_are_different_mutants(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    (tmp_path / "a.py").write_text("x = 0\ny = 1\nz = 0\n")
    first, third = (mutants.make_mutant(Path("a.py"), "constant", n) for n in (0, 2))
    assert first and third
    assert first.id == "a.py constant: 0 -> 1"
    assert third.id == "a.py constant: 0 -> 1 (after 1 others)"


PACKAGE = {
    "refgraph/__init__.py": "",
    "refgraph/measures/a.py": """\
LIMIT = 5
BOUNDS = (LIMIT, 9)


def double(x=1):
    return max(
        x + x,
        x > LIMIT,
    )


def unused(x):
    return x - LIMIT
""",
    "refgraph/graph/b.py": """\
from refgraph.measures.a import BOUNDS


def find(x):
    y = x
    return BOUNDS
""",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A package of two files."""
    for path, text in PACKAGE.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


_, A, B = PACKAGE
LINES = {
    "in a function: the statement": (A, 8, {(A, 6, 9)}),
    "a default: the body": (A, 5, {(A, 6, 9)}),
    "a constant: whoever uses it": (A, 1, {(A, 6, 9), (A, 13, 13), (B, 5, 6)}),
    "a constant used elsewhere only": (A, 2, {(B, 5, 6)}),
}


@pytest.mark.parametrize("name", LINES)
def test_lines_that_tell_of_an_expression(project: Path, name: str) -> None:
    path, line, expected = LINES[name]
    assert statements.find_lines(project, path, line) == expected


def test_record_finds_tests_of_lines_that_have_moved(project: Path, tmp_path: Path) -> None:
    record = tmp_path / "record"
    old = PACKAGE[A]
    (project / A).write_text("# a line\n" + old)
    (project / "tests").mkdir()
    (project / "tests/test_a.py").touch()
    write_entry(record, {"file": A, "digest": digest(old), "text": old})
    tests = {
        "slow": {"seconds": 0.5, "lines": {A: [6, 7]}},
        "fast": {"seconds": 0.1, "lines": {A: [6]}},
        "other": {"seconds": 0.1, "lines": {A: [13]}},
    }
    texts = {A: digest(old)}
    write_entry(record, {"file": "tests/test_a.py", "digest": "", "texts": texts, "tests": tests})
    mutant = mutants.Mutant(Path(A), "operator", 0, 8, "x + x", "x - x", "")
    found = line_record.LineRecord(record, project).find_tests(mutant)
    assert found == (["fast", "slow"], ["other"])


TEST = """\
from refgraph.measures.a import double


def test_double():
    assert double() == 2
"""
MORE = """

def test_limit():
    import refgraph.measures.a as a

    assert a.double(0) == 0
    assert a.LIMIT == 5
"""


@pytest.fixture
def prepared(project: Path) -> Path:
    """The project with the tools and a test."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "scripts" / "soak_tools", project / "scripts/soak_tools", ignore=ignored)
    (project / "setup.cfg").write_text(
        "[tool:pytest]\nmarkers =\n    neo4j:\n    browser:\n    slow:\n"
    )
    (project / "tests/measures").mkdir(parents=True)
    (project / "tests/measures/test_a.py").write_text(TEST)
    return project


@pytest.mark.slow
def test_mutants_of_a_package_are_noticed_by_tests_that_see_them(prepared: Path) -> None:
    first = judge_mutants(prepared)
    assert first == {
        "operator: x + x": ("noticed", "tests/measures/test_a.py::test_double"),
        "operator: x - LIMIT": ("SURVIVED", "not executed"),
        "comparison: x > LIMIT": ("SURVIVED", "1 of 1 tests"),
        "constant: 1": ("noticed", "tests/measures/test_a.py::test_double"),
        "constant: 5": ("SURVIVED", "1 of 1 tests"),
        "constant: 9": ("SURVIVED", "not executed"),
        "argument: max(x + x, x > LIMIT)": ("equivalent?", "1 of 1 tests"),
    }
    (prepared / "tests/measures/test_a.py").write_text(TEST + MORE)
    again = judge_mutants(prepared, "--retry")
    assert again == first | {
        "constant: 5": ("noticed", "tests/measures/test_a.py::test_limit"),
        "comparison: x > LIMIT": ("SURVIVED", "2 of 2 tests"),
    }


@pytest.mark.slow
def test_mutants_are_not_judged_by_tests_that_fail_without_them(prepared: Path) -> None:
    test = prepared / "tests/measures/test_a.py"
    test.write_text(TEST + "\n\ndef test_page():\n    double()\n    open('README')\n")
    (prepared / "README").touch()
    judge_mutants(prepared)
    (prepared / "README").unlink()
    (prepared / "log").unlink()
    done = run_mutants(prepared)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "without any change" in done.stderr
    assert "tests/measures/test_a.py::test_page" in done.stderr
    assert not (prepared / "log").exists()


def judge_mutants(project: Path, *words: str) -> dict[str, tuple[str, str]]:
    """Outcome and reason of each mutant of a project, the last one told."""
    done = run_mutants(project, *words)
    assert done.returncode == 3, done.stdout + done.stderr
    lines = [json.loads(line) for line in (project / "log").read_text().splitlines()]
    return {
        line["mutant"].split(".py ")[1].split(" -> ")[0]: (line["outcome"], line["reason"])
        for line in lines
    }


def run_mutants(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the script in a project."""
    command = ["-m", "soak_tools", "--mutants", "9", "--log", str(project / "log"), *words]
    return subprocess.run(
        [sys.executable, *command, "--record", str(project / "record")],
        env=os.environ | {"PYTHONPATH": str(project / "scripts"), "PYTEST_ADDOPTS": "--no-such"},
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
