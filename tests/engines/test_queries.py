"""Statements: heads match their texts, names cannot break out, and nothing else builds Cypher."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.stores import list_statement_names

from refgraph.engines.queries import Cypher, load_statement, parse_statement, quote_name
from refgraph.errors import RefgraphError

ROOT = Path(__file__).parent.parent.parent
MODES = {
    "read": "read",
    "browser": "read",
    "inspect": "read",
    "subgraph": "read",
    "write": "write",
    "lock": "write",
}
"""Folder of ``cypher/`` -> mode of its statements; ``schema`` has two."""
INJECTIONS = (
    "') DETACH DELETE n //",
    "`) DETACH DELETE n //",
    "\\u0060) DETACH DELETE n //",
    "\\\\u0060",
    "a\nb",
    "``",
    "\\`",
    "\\uu0060",
    "{",
    "$x",
    "`<label>`",
)
CYPHER_CLAUSE = re.compile(r"\b(MATCH|MERGE|UNWIND|DETACH DELETE|CREATE CONSTRAINT)\b.*[({]")
SESSION_NAMES = ("session", "transaction", "tx", "driver")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def test_list_statement_names_is_not_empty() -> None:
    assert len(list_statement_names()) > 20


@pytest.mark.parametrize("name", list_statement_names())
def test_statement_head_matches_its_text(name: str) -> None:
    statement = load_statement(name)
    assert not list(statement.find_faults())
    assert statement.purpose.endswith((".", "?"))
    folder = name.partition("/")[0]
    assert statement.mode == MODES.get(folder, statement.mode)


def make_statement(text: str, **head: str) -> str:
    """The content of a file that reads ``$a AS x``, with some entries of its head changed."""
    entries = {"mode": "read", "parameters": "a STRING", "columns": "x STRING", "oldest": "5.0"}
    lines = [f"// {key}: {value}" for key, value in {**entries, **head}.items()]
    return "\n".join(["// Reads.", *lines, text])


def test_find_faults_sound_statement_has_none() -> None:
    content = make_statement("RETURN $a AS x")
    assert not list(parse_statement("x", content).find_faults())


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("RETURN $b AS x", {}),
        ("RETURN $a AS x", {"columns": "y STRING"}),
        ("RETURN $a AS x, 1 AS y", {"columns": "y INTEGER, x STRING"}),
        ("MATCH (n) SET n.x = 1", {"parameters": "", "columns": ""}),
        ("RETURN $a AS x", {"mode": "write"}),
        ("RETURN $a AS x", {"oldest": "new"}),
    ],
)
def test_find_faults_wrong_head_is_found(text: str, head: dict[str, str]) -> None:
    content = make_statement(text, **head)
    assert len(list(parse_statement("x", content).find_faults())) == 1


def test_parse_statement_without_head_is_refused() -> None:
    with pytest.raises(RefgraphError) as caught:
        parse_statement("x", "RETURN 1 AS one")
    assert caught.value.id == "head-missing"


@given(TEXTS)
def test_quote_name_any_text_reads_back(name: str) -> None:
    r"""Read as Cypher reads it: escapes ``\uXXXX`` first, then doubled backticks."""
    quoted = quote_name(name)
    inner = quoted[1:-1]
    assert quoted[0] == quoted[-1] == "`"
    assert not re.search(r"\\u+(?!005C)", inner)
    assert "`" not in inner.replace("``", "")
    assert re.sub(r"\\u005C", r"\\", inner).replace("``", "`") == name


def test_quote_name_empty_is_refused() -> None:
    with pytest.raises(RefgraphError) as caught:
        quote_name("")
    assert caught.value.id == "name-empty"


@pytest.mark.parametrize("name", INJECTIONS)
def test_to_cypher_injection_stays_in_backticks(name: str) -> None:
    text = load_statement("inspect/count_nodes").to_cypher(label=name)
    assert isinstance(text, Cypher)
    assert text.count("\n") == 1 + name.count("\n")
    assert text.endswith("RETURN count(n) AS nodes")


def test_to_cypher_line_is_repeated_per_name_and_dropped_without() -> None:
    text = load_statement("read/referrals").to_cypher(
        text=["tie", "a`b"], date=[], float=["share"], integer=["line"]
    )
    first = ", collect(coalesce(p.`tie`, $null_text)) AS `tie`"
    second = ", collect(coalesce(p.`a``b`, $null_text)) AS `a``b`"
    assert f"{first}\n{second}" in text
    assert "toString" not in text


@pytest.mark.parametrize("names", [{}, {"label": "x", "more": "y"}, {"other": "x"}])
def test_to_cypher_unmatched_names_are_refused(names: dict[str, str]) -> None:
    with pytest.raises(RefgraphError) as caught:
        load_statement("inspect/count_nodes").to_cypher(**names)
    assert caught.value.id == "slot-unfilled"


def is_run_call(node: ast.AST) -> bool:
    """Whether a node is a call of ``run`` on a session, transaction or driver."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    return node.func.attr == "run" and ast.unparse(node.func.value) in SESSION_NAMES


def is_cypher_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Cypher")


def is_cypher_text(node: ast.AST) -> bool:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_text and bool(CYPHER_CLAUSE.search(node.value))


@pytest.mark.parametrize(
    "file",
    sorted((ROOT / "refgraph").rglob("*.py")),
    ids=lambda file: file.relative_to(ROOT / "refgraph").as_posix(),
)
def test_package_runs_only_statements_of_files_in_one_module(file: Path) -> None:
    path = file.relative_to(ROOT / "refgraph").as_posix()
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    assert any(map(is_run_call, nodes)) == (path == "engines/neo4j/sessions.py")
    assert any(map(is_cypher_call, nodes)) == (path == "engines/queries.py")
    assert not any(map(is_cypher_text, nodes))
