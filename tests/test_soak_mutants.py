"""The mutants of scripts/soak: each is one small change that Python can read."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from soak_tools import mutant_runs, mutants  # noqa: E402

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


def test_mutants_of_a_seed_are_the_same_and_can_be_read() -> None:
    first, again = (list(mutants.draw_mutants(20, 5, None)) for _ in range(2))
    assert first == again
    assert len({mutant.kind for mutant in first}) > 3
    for mutant in first:
        ast.parse(mutant.source)
        original = ast.unparse(ast.parse((ROOT / mutant.path).read_text(encoding="utf-8")))
        assert mutant.source != original + "\n"
        groups = mutant_runs.find_tests(mutant.path)
        assert all((ROOT / path).exists() for group in groups for path in group)
        assert groups


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of one function, and a test that sees its value but not its order."""
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    monkeypatch.setattr(mutant_runs, "ROOT", tmp_path)
    monkeypatch.setattr(mutant_runs, "SHARED_TESTS", ("test_a.py",))
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    marks = "[pytest]\nmarkers =\n    neo4j:\n    browser:\n    slow:\n"
    (tmp_path / "pytest.ini").write_text(marks)
    (tmp_path / "a.py").write_text("def f(x=1):\n    return max(x + x, x > 5)\n")
    test = "from a import f\ndef test_f():\n    assert f() == 2\n"
    (tmp_path / "test_a.py").write_text(test)
    return tmp_path


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [("operator", "noticed"), ("comparison", "SURVIVED"), ("argument", "equivalent?")],
)
def test_mutant_is_noticed_if_a_test_sees_it(checkout: Path, kind: str, outcome: str) -> None:
    before = (checkout / "a.py").read_text()
    mutant = mutants.make_mutant(Path("a.py"), kind, 0)
    assert mutant
    assert mutant_runs.judge(mutant, checkout) == outcome
    assert (checkout / "a.py").read_text() == before


def test_interrupted_run_of_mutants_continues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "outcomes"
    drawn = list(mutants.draw_mutants(5, 1, None))
    tried: list[str] = []

    def judge(mutant: mutants.Mutant, *_: object) -> str:
        tried.append(mutant.id)
        return "SURVIVED" if mutant.id == drawn[1].id else "noticed"

    monkeypatch.setattr(mutant_runs, "judge", judge)
    monkeypatch.setattr(mutant_runs.shutil, "copytree", lambda *_, **__: None)
    mutant_runs.run_mutants(3, 1, None, log=log)
    assert mutant_runs.run_mutants(5, 1, None, log=log) == 3
    assert tried == [mutant.id for mutant in drawn]
    assert "4 of 5 noticed (80.0%), 0 survivors look equivalent" in capsys.readouterr().out
