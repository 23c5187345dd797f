"""`refgraph.ask`: one function per analysis, held to the registry and to its stub."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from support import examples, toys

import refgraph
from refgraph import analyses, ask
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.model.dataset import Dataset
from refgraph.model.result import Result
from refgraph.model.scope import Scope

ROOT = Path(__file__).parent.parent
STUB = ast.parse((ROOT / "refgraph" / "ask.pyi").read_text(encoding="utf-8"))
FUNCTIONS = {node.name: node for node in STUB.body if isinstance(node, ast.FunctionDef)}
NAMES = [name.replace("-", "_") for name in analyses.NAMES]


@pytest.mark.parametrize("name", NAMES)
def test_function_answers_as_run_does(name: str) -> None:
    data = toys.star()
    parameters = examples.get_parameters(name.replace("_", "-"), OfflineEngine(data)) or {}
    answer = getattr(refgraph.ask, name)(data, **parameters)
    expected = refgraph.run(name.replace("_", "-"), data, **parameters)
    assert answer.frame.equals(expected.frame)
    assert answer.headline == expected.headline


@pytest.mark.parametrize("name", NAMES)
def test_signature_and_docstring_tell_every_parameter_and_column(name: str) -> None:
    function, analysis = getattr(ask, name), analyses.load(name.replace("_", "-"))
    signature = inspect.signature(function)
    assert list(signature.parameters) == ["data", "scope", *(p.name for p in analysis.options)]
    for parameter in analysis.options:
        assert signature.parameters[parameter.name].default == parameter.default
    hints = get_type_hints(function)
    data = Dataset if analysis.needs_data else Dataset | None
    assert (hints["data"], hints["scope"], hints["return"]) == (data, Scope, Result)
    lines = [line.strip().split(":")[0] for line in inspect.getdoc(function).splitlines()]
    assert {"data", "scope", *(p.name for p in analysis.options)} <= set(lines)
    assert {column.name for column in analysis.columns} <= set(lines)


@pytest.mark.parametrize("name", NAMES)
def test_stub_has_the_signature_of_the_registry(name: str) -> None:
    analysis, arguments = analyses.load(name.replace("_", "-")), FUNCTIONS[name].args
    assert [a.arg for a in arguments.kwonlyargs] == [p.name for p in analysis.options]
    namespace: dict[str, Any] = {}
    exec("from collections.abc import Sequence\nfrom typing import Literal", namespace)
    hints = [eval(ast.unparse(a.annotation), namespace) for a in arguments.kwonlyargs]  # type: ignore[arg-type]
    assert hints == [ask.find_hint(p) for p in analysis.options]
    defaults = [ast.literal_eval(node) for node in arguments.kw_defaults if node]
    assert defaults == [p.default for p in analysis.options]
    assert ast.get_docstring(FUNCTIONS[name])


def test_completion_lists_all_analyses_and_nothing_else() -> None:
    assert dir(refgraph.ask) == sorted(NAMES)
    assert list(FUNCTIONS) == NAMES
    assert refgraph.ask.effect is refgraph.ask.effect
    with pytest.raises(AttributeError, match="recomenders"):
        _ = refgraph.ask.recomenders  # type: ignore[attr-defined]


def test_completion_of_the_package_lists_its_public_names() -> None:
    assert {"ask", "read", "run", "show", "RefgraphWarning"} <= set(dir(refgraph))


@pytest.mark.slow
def test_type_checker_sees_the_choices(tmp_path: Path) -> None:
    program = (
        "import refgraph\n"
        "data = refgraph.read('x')\n"
        "refgraph.ask.recommenders(data, by='closed').frame\n"
        "refgraph.ask.recommenders(data, by='money')\n"
        "refgraph.ask.without(data, of='C001', follow=0.5)\n"
        "refgraph.ask.credit(data, split=3)\n"
        "refgraph.Scope(as_of='2024-01-01', count='staff')\n"
    )
    (tmp_path / "program.py").write_text(program)
    words = [sys.executable, "-m", "mypy", "--strict", str(tmp_path / "program.py")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    faults = [line for line in done.stdout.splitlines() if "error:" in line]
    assert [line.split(":")[1] for line in faults] == ["4", "6"], done.stdout


def test_options_that_ask_another_question_answer_in_python() -> None:
    row = ask.effect(claimed="近三十/96").frame.row(0, named=True)
    assert (row["customers"], row["share_from"], row["share_to"]) == (96, 0.28125, 0.3125)
    data = toys.star()
    assert ask.effect(data, claimed="近三十/96").frame.row(0, named=True) == row
    assert refgraph.run("effect", claimed="近三十/96").frame.row(0, named=True) == row
    explained = refgraph.run("accounts", data, explain="a")
    assert explained.parameters == {"explain": "a"}
    assert explained.grain == "rule"
    assert ask.accounts(data, explain=None).grain == "customer"


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("accounts", {"explain": "nobody"}, "nobody"),
        ("accounts", {"explain": 5}, "5"),
        ("accounts", {"explain": "a", "only": "key"}, "only"),
        ("accounts", {"claimed": "1/2"}, "explain, only"),
        ("effect", {"claimed": "many"}, "many"),
        ("growth", {"explain": "a"}, "explain"),
    ],
)
def test_options_that_ask_another_question_are_checked(
    name: str, options: dict[str, object], words: str
) -> None:
    with pytest.raises(UsageError) as caught:
        refgraph.run(name, toys.star(), **options)
    assert words in str(caught.value)
    with pytest.raises(UsageError, match="None is not a Dataset"):
        refgraph.run("accounts", explain="a")
