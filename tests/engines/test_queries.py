"""Statements: heads tell the truth, names cannot break out, and nothing else builds Cypher."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refgraph.engines import queries
from refgraph.engines.queries import Cypher, parsed, quoted, statement
from refgraph.errors import RefgraphError

ROOT = Path(__file__).parent.parent.parent
EACH = pytest.mark.parametrize("name", queries.names())
INJECTIONS = ("') DETACH DELETE n //", "`) DETACH DELETE n //", "\\u0060) DETACH DELETE n //", "\\\\u0060", "a\nb", "``", "\\`",
              "\\uu0060", "{", "$x", "`<label>`")


def test_every_file_is_a_statement() -> None:
    assert len(queries.names()) == len(list((ROOT / "cypher").rglob("*.cypher"))) > 20


@EACH
def test_head_and_text_say_the_same(name: str) -> None:
    one = statement(name)
    assert not list(one.faults())
    assert one.purpose.endswith(".")
    assert one.mode == {"read": "read", "look": "read", "write": "write", "lock": "write"}.get(name.split("/")[0], one.mode)


@pytest.mark.parametrize("text", [
    "// Reads.\n// mode: read\n// needs: a STRING\n// gives: x STRING\n// oldest: 5.0\nRETURN $b AS x",
    "// Reads.\n// mode: read\n// needs: a STRING\n// gives: y STRING\n// oldest: 5.0\nRETURN $a AS x",
    "// Reads.\n// mode: read\n// needs:\n// gives:\n// oldest: 5.0\nMATCH (n) SET n.x = 1",
    "// Reads.\n// mode: write\n// needs:\n// gives: x INTEGER\n// oldest: 5.0\nRETURN 1 AS x",
    "// Reads.\n// mode: read\n// needs:\n// gives: x INTEGER\n// oldest: new\nRETURN 1 AS x",
])  # fmt: skip
def test_a_head_that_lies_is_found(text: str) -> None:
    assert len(list(parsed("x", text).faults())) == 1


def test_a_file_without_head_is_refused() -> None:
    with pytest.raises(RefgraphError) as caught:
        parsed("x", "RETURN 1 AS one")
    assert caught.value.id == "head-missing"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_quoted_name_ends_where_it_should(name: str) -> None:
    """Read as Cypher reads it: escapes of the form backslash-u first, then doubled backticks."""
    inner = quoted(name)
    assert inner[0] == inner[-1] == "`"
    assert not re.search(r"\\u+(?!005C)", inner)
    assert "`" not in inner[1:-1].replace("``", "")
    assert re.sub(r"\\u005C", r"\\", inner[1:-1]).replace("``", "`") == name


@pytest.mark.parametrize("name", INJECTIONS)
def test_a_name_stays_in_its_backticks(name: str) -> None:
    text = statement("look/labels").filled(label=name)
    assert isinstance(text, Cypher)
    assert text.count("\n") == 1 + name.count("\n")
    assert text.endswith("RETURN count(n) AS nodes")


def test_a_line_is_repeated_for_each_name_and_gone_for_none() -> None:
    text = statement("read/referrals").filled(text=["tie", "a`b"], date=[], number=["share"], whole=["line"])
    assert ", collect(coalesce(p.`tie`, $blank)) AS `tie`\n, collect(coalesce(p.`a``b`, $blank)) AS `a``b`" in text
    assert "toString" not in text


def test_slots_and_names_must_match() -> None:
    for names in ({}, {"label": "x", "more": "y"}, {"other": "x"}):
        with pytest.raises(RefgraphError) as caught:
            statement("look/labels").filled(**names)
        assert caught.value.id == "slot-unfilled"
    with pytest.raises(RefgraphError) as empty:
        quoted("")
    assert empty.value.id == "name-empty"


def test_only_one_file_runs_statements_and_only_statements_of_files() -> None:
    words = re.compile(r"\b(MATCH|MERGE|UNWIND|DETACH DELETE|CREATE CONSTRAINT)\b.*[({]")
    for file in sorted((ROOT / "refgraph").rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        runs = [x for x in ast.walk(tree) if isinstance(x, ast.Call) and isinstance(x.func, ast.Attribute) and x.func.attr == "run"
                and ast.unparse(x.func.value) in ("session", "transaction", "tx", "driver")]  # fmt: skip
        made = [x for x in ast.walk(tree) if isinstance(x, ast.Call) and ast.unparse(x.func).endswith("Cypher")]
        texts = [x.value for x in ast.walk(tree) if isinstance(x, ast.Constant) and isinstance(x.value, str) and words.search(x.value)]
        place = file.relative_to(ROOT / "refgraph").as_posix()
        assert bool(runs) == (place == "engines/neo4j/database.py"), place
        assert bool(made) == (place == "engines/queries.py"), place
        assert not texts, place
