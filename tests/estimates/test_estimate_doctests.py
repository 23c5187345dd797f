"""The worked numbers in the docstrings of the room hold, and every public function has one."""

import ast
import doctest
import importlib
from pathlib import Path

import pytest

import refgraph.estimates

HOME = Path(refgraph.estimates.__file__).parent
MODULES = sorted(path.stem for path in HOME.glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("name", MODULES)
def test_doctests_of_estimates_hold(name: str) -> None:
    result = doctest.testmod(importlib.import_module(f"refgraph.estimates.{name}"))
    assert result.attempted > 0 and result.failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_docstrings_of_estimates_state_formula_and_worked_number(name: str) -> None:
    for node in ast.parse((HOME / f"{name}.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            doc = ast.get_docstring(node) or ""
            assert "Formula: " in doc and ">>>" in doc, node.name


@pytest.mark.parametrize("name", MODULES)
def test_import_of_estimates_does_not_load_scipy(name: str) -> None:
    body = ast.parse((HOME / f"{name}.py").read_text(encoding="utf-8")).body
    tops = [node for node in body if isinstance(node, (ast.Import, ast.ImportFrom))]
    named = {getattr(n, "module", None) or n.names[0].name for n in tops}
    assert not any(str(m).startswith(("scipy", "statistics")) for m in named)
