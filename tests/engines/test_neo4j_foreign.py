"""Graphs that refgraph did not load: any label, type, direction and property names, by the rules of files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from refgraph import flow, renderers
from refgraph.engines.neo4j.foreign import Foreign
from refgraph.errors import DataError, UsageError
from refgraph.flow.databases import foreign, open_database
from refgraph.flow.reading import Connection, Reading
from refgraph.model.settings import Settings
from stores import run, store

pytestmark = pytest.mark.neo4j
ODD = ("') DETACH DELETE n //", "`) DETACH DELETE n //", "\\u0060) DETACH DELETE n //", "a\nb", "{", "客户")


def film(server: Any) -> None:
    run(server, """
        CREATE (a:Person {key: 7, full: '沙钢', since: date('2020-01-02'), worth: 12.5, vip: true, tags: ['x', 'y']}),
               (b:Person {key: 8, since: datetime('2021-03-04T05:06:07Z'), worth: 10}), (c:Person {key: 9, worth: 0.1}), (:Film)
        CREATE (b)-[:BROUGHT_BY {on: date('2021-03-01'), line: 'x'}]->(a), (c)-[:BROUGHT_BY]->(b), (a)-[:SAW]->(b)""")


def test_a_graph_read_by_the_rules_of_files(neo4j_empty: Any) -> None:
    film(neo4j_empty)
    columns = {"customers.id": "key", "customers.name": "full", "customers.joined": "since", "customers.revenue": "worth",
               "referrals.at": "on"}  # fmt: skip
    engine = store(neo4j_empty, settings=Settings(columns=columns), graph=Foreign("Person", "BROUGHT_BY", reversed=True))
    data = engine.dataset()
    people = data.customers.sort("id")
    assert people["id"].to_list() == ["7", "8", "9"]
    assert people["revenue"].to_list() == [12.5, 10.0, 0.1]
    assert [str(d) if d else None for d in people["joined"]] == ["2020-01-02", "2021-03-04", None]
    assert people["vip"].to_list() == ["true", None, None]
    assert data.referrals.sort("referrer").select("referrer", "referred").rows() == [("7", "8"), ("8", "9")]
    assert data.referrals["at"].drop_nulls().cast(pl.String).to_list() == ["2021-03-01"]
    assert data.ignored == ("Person.tags",)
    assert data.ledger.select("file", "read", "used").rows() == [("(:Person)", 3, 3), ("[:BROUGHT_BY]", 2, 2)]
    shown = renderers.render(flow.run(engine, "recommenders"), "csv", "en").decode()
    assert shown.splitlines()[1].startswith("1,7,沙钢,1")


def test_the_other_direction(neo4j_empty: Any) -> None:
    film(neo4j_empty)
    settings = Settings(columns={"customers.id": "key"})
    engine = store(neo4j_empty, settings=settings, graph=Foreign("Person", "BROUGHT_BY"))
    assert sorted(engine.dataset().referrals.select("referrer", "referred").rows()) == [("8", "7"), ("9", "8")]


@pytest.mark.parametrize("name", ODD)
def test_names_that_are_code_are_names(name: str, neo4j_empty: Any) -> None:
    from refgraph.engines.queries import quoted

    label, type, key = (quoted(f"{x} {name}") for x in "ltk")
    run(neo4j_empty, f"CREATE (:{label} {{id: 'a', {key}: $v}})-[:{type} {{{key}: $v}}]->(:{label} {{id: 'b'}}), (:Bystander)", v=name)
    engine = store(neo4j_empty, settings=Settings(), graph=Foreign(f"l {name}", f"t {name}"))
    data = engine.dataset()
    assert data.customers.sort("id")[f"k {name}"].to_list() == [name, None]
    assert data.referrals[f"k {name}"].to_list() == [name]
    assert run(neo4j_empty, "MATCH (n) RETURN count(n)") == [[3]]


def test_rows_that_break_a_rule_are_set_aside(neo4j_empty: Any) -> None:
    run(neo4j_empty, """CREATE (:C {id: 'a', revenue: 'many'}), (:C {id: 'b'}), (:C {revenue: 1}), (:C {id: 'b', name: 'x'}),
                        (:C {id: 'd'})-[:R]->(:C {id: 'e', joined: '2020-13-01'})""")
    data = store(neo4j_empty, settings=Settings(), graph=Foreign("C", "R")).dataset()
    assert data.ledger.select("read", "used", "set_aside").rows() == [(6, 1, 5), (1, 1, 0)]
    assert set(data.rejects["code"]) == {"not-a-number", "missing-id", "conflicting-duplicate", "bad-date"} or data.rejects.height == 5


def test_no_such_label_and_no_id(neo4j_empty: Any) -> None:
    film(neo4j_empty)
    for label, id in (("Nobody", "no-nodes"), ("Film", "no-nodes")):
        with pytest.raises(DataError) as caught:
            store(neo4j_empty, settings=Settings(), graph=Foreign(label, "X")).dataset()
        assert caught.value.id == id
    with pytest.raises(DataError) as caught:
        store(neo4j_empty, settings=Settings(), graph=Foreign("Person", "BROUGHT_BY")).dataset()
    assert caught.value.id == "missing-column"


def test_names_from_options_and_configuration(neo4j_empty: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Settings(other={"neo4j": {"label": "A", "relationship": "B", "reversed": True}})
    assert foreign(told, Connection()) == Foreign("A", "B", True)
    assert foreign(told, Connection(label="C", reversed=False)) == Foreign("C", "B", False)
    assert foreign(Settings(), Connection()) is None
    with pytest.raises(UsageError, match="label"):
        foreign(Settings(), Connection(relationship="B"))
    film(neo4j_empty)
    (tmp_path / "refgraph.toml").write_text(
        '[neo4j]\nlabel = "Person"\nrelationship = "BROUGHT_BY"\nreversed = true\n[columns.customers]\nid = "key"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name, value in (("NEO4J_USERNAME", neo4j_empty.user), ("NEO4J_PASSWORD", neo4j_empty.password)):
        monkeypatch.setenv(name, value)
    data = open_database(neo4j_empty.uri, Reading()).dataset()
    assert sorted(data.referrals.select("referrer", "referred").rows()) == [("7", "8"), ("8", "9")]
    with pytest.raises(UsageError) as caught:
        open_database(neo4j_empty.uri, Reading(customers=("x.csv",)))
    assert caught.value.id == "files-beside-database"
