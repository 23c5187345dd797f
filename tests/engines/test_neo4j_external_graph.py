"""Graphs that refgraph did not load: any label, type, direction and property names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from support.film_graph import KEY_IS_ID, create_film_graph, make_graph
from support.stores import open_store, run_cypher

from refgraph import pipeline, renderers
from refgraph.engines.neo4j.external_graph import ExternalGraph, find_external_graph
from refgraph.engines.options import Connection
from refgraph.engines.queries import quote_name
from refgraph.errors import DataError, UsageError
from refgraph.model.settings import ExternalGraphNames, Settings
from refgraph.pipeline.databases import open_database
from refgraph.pipeline.options import SourceOptions

pytestmark = pytest.mark.neo4j
ODD_NAMES = (
    "') DETACH DELETE n //",
    "`) DETACH DELETE n //",
    "\\u0060) DETACH DELETE n //",
    "a\nb",
    "{",
    "客户",
)


def test_dataset_external_graph_follows_rules_of_files(neo4j_empty: Any) -> None:
    create_film_graph(neo4j_empty)
    columns = {
        "customers.id": "key",
        "customers.name": "full",
        "customers.joined": "since",
        "customers.revenue": "worth",
        "referrals.at": "on",
    }
    engine = open_store(
        neo4j_empty,
        settings=Settings(columns=columns),
        external_graph=make_graph("Person", "BROUGHT_BY", True, properties=("vip", "tags")),
    )
    data = engine.dataset()
    people = data.customers.sort("id")
    assert people["id"].to_list() == ["7", "8", "9"]
    assert people["revenue"].to_list() == [12.5, 10.0, 0.1]
    assert people["joined"].cast(pl.String).to_list() == ["2020-01-02", "2021-03-04", None]
    assert people["vip"].to_list() == ["true", None, None]
    referrals = data.referrals.sort("referrer")
    assert referrals.select("referrer", "referred").rows() == [("7", "8"), ("8", "9")]
    assert referrals["at"].drop_nulls().cast(pl.String).to_list() == ["2021-03-01"]
    assert data.ignored == ("Person.tags",)
    ledger = data.ledger.select("file", "read", "used").rows()
    assert ledger == [("(:Person)", 3, 3), ("[:BROUGHT_BY]", 2, 2)]
    table = renderers.render(pipeline.run(engine, "recommenders"), "csv", "en").decode()
    assert table.splitlines()[1].startswith("1,7,沙钢,1")


def test_dataset_external_graph_not_reversed_swaps_ends(neo4j_empty: Any) -> None:
    create_film_graph(neo4j_empty)
    graph = make_graph("Person", "BROUGHT_BY")
    data = open_store(neo4j_empty, settings=KEY_IS_ID, external_graph=graph).dataset()
    pairs = data.referrals.select("referrer", "referred").rows()
    assert sorted(pairs) == [("8", "7"), ("9", "8")]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_dataset_external_graph_code_in_names_is_not_run(name: str, neo4j_empty: Any) -> None:
    label, type, key, order, order_type = (quote_name(f"{letter} {name}") for letter in "ltkor")
    run_cypher(
        neo4j_empty,
        f"CREATE (:{label} {{id: 'a', {key}: $v}})-[:{type} {{{key}: $v}}]->(:{label} {{id: 'b'}}),"
        f"(:Bystander), (:{label} {{id: 'c'}})-[:{order_type}]->(:{order} {{at: '2024-01-02'}})",
        v=name,
    )
    orders = {"orders_label": f"o {name}", "orders_type": f"r {name}"}
    graph = make_graph(f"l {name}", f"t {name}", properties=(f"k {name}",), **orders)
    data = open_store(neo4j_empty, settings=Settings(), external_graph=graph).dataset()
    assert data.customers.sort("id")[f"k {name}"].to_list() == [name, None, None]
    assert data.orders["customer"].to_list() == ["c"]
    assert data.referrals[f"k {name}"].to_list() == [name]
    assert run_cypher(neo4j_empty, "MATCH (n) RETURN count(n)") == [[5]]


def test_dataset_external_graph_invalid_rows_are_rejected(neo4j_empty: Any) -> None:
    run_cypher(
        neo4j_empty,
        """CREATE (:C {id: 'a', revenue: 'many'}), (:C {id: 'b'}), (:C {revenue: 1}),
                  (:C {id: 'b', name: 'x'}),
                  (:C {id: 'd'})-[:R]->(:C {id: 'e', joined: '2020-13-01'})""",
    )
    graph = make_graph("C", "R")
    data = open_store(neo4j_empty, settings=Settings(), external_graph=graph).dataset()
    ledger = data.ledger.select("read", "used", "rejected", "cells").rows()
    assert ledger == [(6, 3, 3, 2), (1, 1, 0, 0)]
    assert data.rejects.height == 5


@pytest.mark.parametrize(
    ("label", "type", "error"),
    [
        ("Nobody", "X", "no-nodes"),
        ("Film", "X", "no-relationships"),
        ("Person", "BROUGHT_BY", "missing-column"),
    ],
)
def test_dataset_external_graph_missing_label_or_id_is_reported(
    label: str, type: str, error: str, neo4j_empty: Any
) -> None:
    create_film_graph(neo4j_empty)
    graph = make_graph(label, type)
    with pytest.raises(DataError) as caught:
        open_store(neo4j_empty, settings=Settings(), external_graph=graph).dataset()
    assert caught.value.id == error


def test_find_external_graph_options_override_configuration() -> None:
    settings = Settings(neo4j=ExternalGraphNames(("A",), ("B",), True))
    assert find_external_graph(settings, Connection()) == make_graph("A", "B", True)
    connection = Connection(label=("C",), reversed=False)
    assert find_external_graph(settings, connection) == make_graph("C", "B", False)
    assert find_external_graph(Settings(), Connection()) is None
    with pytest.raises(UsageError, match="label"):
        find_external_graph(Settings(), Connection(relationship=("B",)))


def test_open_database_configuration_of_the_folder_names_the_graph(
    neo4j_empty: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_film_graph(neo4j_empty)
    (tmp_path / "refgraph.toml").write_text(
        '[neo4j]\nlabel = "Person"\nrelationship = "BROUGHT_BY"\nreversed = true\n'
        '[columns.customers]\nid = "key"\n',
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEO4J_USERNAME", neo4j_empty.user)
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j_empty.password)
    data = open_database(neo4j_empty.uri, SourceOptions()).dataset()
    pairs = data.referrals.select("referrer", "referred").rows()
    assert sorted(pairs) == [("7", "8"), ("8", "9")]


@pytest.mark.parametrize(
    ("graph", "error", "known"),
    [
        (make_graph("person", "BROUGHT_BY"), "no-nodes", "Person"),
        (make_graph("Person", "BROUGHT"), "no-relationships", "BROUGHT_BY"),
        (make_graph("Film", "BROUGHT_BY"), "no-property", "–"),
    ],
)
def test_unknown_names_are_refused_with_those_there_are(
    graph: ExternalGraph, error: str, known: str, neo4j_empty: Any
) -> None:
    create_film_graph(neo4j_empty)
    with pytest.raises(DataError) as caught:
        open_store(neo4j_empty, settings=KEY_IS_ID, external_graph=graph).dataset()
    assert caught.value.id == error
    assert known in caught.value.values["known"]


def test_relationships_to_another_label_are_counted_as_skipped(neo4j_empty: Any) -> None:
    create_film_graph(neo4j_empty)
    run_cypher(neo4j_empty, "MATCH (p:Person), (f:Film) CREATE (p)-[:BROUGHT_BY]->(f)")
    graph = make_graph("Person", "BROUGHT_BY", True)
    data = open_store(neo4j_empty, settings=KEY_IS_ID, external_graph=graph).dataset()
    ledger = data.ledger.filter(pl.col("table") == "referrals").row(0, named=True)
    assert (ledger["read"], ledger["used"], ledger["skipped"]) == (5, 2, 3)
    assert dict(data.warnings)["relationship-elsewhere"] == 3
