"""Statements that a user wrote: they only read, and return plain values under known columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.program import call
from support.stores import open_driver, open_store, run_cypher

from refgraph.engines.neo4j import external_statements
from refgraph.engines.neo4j.external_graph import ExternalGraph, find_external_graph
from refgraph.engines.neo4j.store import Neo4jStore
from refgraph.engines.options import Connection
from refgraph.errors import DataError, RefgraphError, UsageError
from refgraph.model.settings import ExternalGraphNames, Settings

pytestmark = pytest.mark.neo4j
CUSTOMERS = "MATCH (p:Person) RETURN p.key AS id, p.name AS name, p.since AS joined"
REFERRALS = "MATCH (a:Person)-[r:TOLD]->(b:Person) RETURN a.key AS referrer, b.key AS referred"
REFUSED = (
    ("CREATE (n) RETURN n.x AS id", "cypher-writes"),
    ("MATCH (p:Person) SET p.key = 1 RETURN p.key AS id", "cypher-writes"),
    ("MATCH (p:Person) DETACH DELETE p", "cypher-writes"),
    ("MATCH (p:Person) CALL (p) { SET p.key = 1 } IN TRANSACTIONS", "cypher-writes"),
    ("CREATE INDEX FOR (p:Person) ON (p.key)", "cypher-writes"),
    ("CALL db.createLabel('X')", "cypher-writes"),
    ("CALL db.clearQueryCaches()", "cypher-writes"),
    ("TERMINATE TRANSACTIONS 'neo4j-transaction-1'", "cypher-writes"),
    ("FOREACH (x IN [1] | CREATE ())", "cypher-writes"),
    ("RETURN 1 AS id, 2 AS id", "cypher-invalid"),
    ("MATCH (p:Person RETURN p.key AS id", "cypher-invalid"),
    ("RETURN 1 AS id; RETURN 2 AS id", "cypher-invalid"),
    ("PROFILE MATCH (p:Person) RETURN p.key AS id", "cypher-invalid"),
    ("RETURN $who AS id", "cypher-invalid"),
    ("", "cypher-invalid"),
    ("RETURN 1 / 0 AS id", "cypher-invalid"),
    ("MATCH (p:Persn) RETURN p.key AS id", "cypher-unknown-name"),
    ("MATCH (p:Person)-[:TELLS]->() RETURN p.key AS id", "cypher-unknown-name"),
    ("MATCH (p:Person) RETURN p.kye AS id", "cypher-unknown-name"),
    ("MATCH (p:Person) RETURN p.key AS quay", "missing-column"),
    ("MATCH (p:Person) RETURN p.key", "missing-column"),
    ("MATCH (p:Person) RETURN p AS id", "cypher-value"),
    ("MATCH (:Person)-[t:TOLD]->() RETURN t AS id", "cypher-value"),
    ("MATCH w = (:Person)-[:TOLD]->() RETURN w AS id", "cypher-value"),
    ("RETURN [1, 2] AS id", "cypher-value"),
    ("RETURN {a: 1} AS id", "cypher-value"),
    ("RETURN point({x: 1, y: 2}) AS id", "cypher-value"),
)


@pytest.fixture
def people(neo4j_empty: Any) -> Any:
    run_cypher(
        neo4j_empty,
        """CREATE (a:Person {key: 7, name: '沙钢', since: date('2020-01-02')}),
                  (b:Person {key: 8, since: datetime('2021-03-04T05:06:07Z')}), (c:Person {key: 9})
           CREATE (a)-[:TOLD]->(b), (b)-[:TOLD]->(c)""",
    )
    return neo4j_empty


def open_statements(server: Any, **statements: str) -> Neo4jStore:
    graph = ExternalGraph(statements=statements)
    return open_store(server, settings=Settings(), external_graph=graph)


def test_statements_return_the_tables(people: Any) -> None:
    data = open_statements(people, customers=CUSTOMERS, referrals=REFERRALS).dataset()
    assert data.customers.sort("id")["id"].to_list() == ["7", "8", "9"]
    joined = data.customers.sort("id")["joined"].to_list()
    assert [day and day.isoformat() for day in joined] == ["2020-01-02", "2021-03-04", None]
    assert sorted(data.referrals.select("referrer", "referred").rows()) == [("7", "8"), ("8", "9")]
    assert data.ledger["file"].to_list() == ["[neo4j] customers", "[neo4j] referrals"]


def test_statement_values_of_all_kinds_are_read_like_cells(people: Any) -> None:
    text = (
        "UNWIND [['a', 1, true, ''], [2, 2.5, null, date('2024-02-29')], [null, 'x', 1, '2024'],"
        " ['a', 1, true, '']] AS r RETURN r[0] AS id, r[1] AS revenue, r[2] AS more, r[3] AS joined"
    )
    data = open_statements(people, customers=text).dataset()
    assert data.customers.sort("id")["id"].to_list() == ["2", "a"]
    assert data.customers.sort("id")["revenue"].to_list() == [2.5, 1.0]
    assert data.customers.sort("id")["more"].to_list() == [None, "true"]
    ledger = data.ledger.row(0, named=True)
    assert (ledger["read"], ledger["used"], ledger["rejected"], ledger["duplicates"]) == (
        4,
        2,
        1,
        1,
    )


@pytest.mark.parametrize(("text", "error"), REFUSED)
def test_statement_that_cannot_be_used_is_refused(text: str, error: str, people: Any) -> None:
    before = run_cypher(people, "MATCH (n) RETURN count(n), sum(n.key)")
    with pytest.raises(RefgraphError) as caught:
        open_statements(people, customers=text).dataset()
    assert caught.value.id == error
    assert run_cypher(people, "MATCH (n) RETURN count(n), sum(n.key)") == before


def test_unknown_name_is_reported_with_the_nearest_first(people: Any) -> None:
    run_cypher(people, "CREATE (:Aisle), (:Zone)")
    with pytest.raises(DataError) as caught:
        open_statements(people, customers="MATCH (p:Persn) RETURN p.key AS id").dataset()
    assert caught.value.values["known"][0] == "Person"


def test_statement_rows_come_in_frames(people: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(external_statements, "PAGE_ROWS", 4)
    text = "UNWIND range(1, 10) AS i RETURN CASE i WHEN 9 THEN {} ELSE i END AS id"
    with pytest.raises(DataError) as caught:
        open_statements(people, customers=text).dataset()
    assert caught.value.values["row"] == 9
    text = "UNWIND range(1, 10) AS i RETURN i AS id"
    assert open_statements(people, customers=text).dataset().customers.height == 10


@pytest.mark.parametrize("value", ["') DETACH DELETE n //", "\\u0027", "`", "a\nb", "{0}", "=1+1"])
def test_code_in_values_is_data(value: str, people: Any) -> None:
    run_cypher(people, "MATCH (p:Person {key: 9}) SET p.name = $value", value=value)
    data = open_statements(people, customers=CUSTOMERS, referrals=REFERRALS).dataset()
    assert value in data.customers["name"].to_list()
    assert run_cypher(people, "MATCH (n) RETURN count(n)") == [[3]]


def test_command_line_reads_statements_from_files(people: Any, tmp_path: Path) -> None:
    files = {"customers": CUSTOMERS, "referrals": REFERRALS}
    for table, text in files.items():
        (tmp_path / f"{table}.cypher").write_text(f"{text};\n", encoding="utf-8")
    env = tmp_path / "env"
    env.write_text(f"NEO4J_USERNAME={people.user}\nNEO4J_PASSWORD={people.password}\n")
    options = [f"--cypher-{table}={tmp_path / table}.cypher" for table in files]
    done = call("recommenders", people.uri, f"--env-file={env}", *options, "--format=csv")
    assert done.code == 0, done.err
    assert done.out.splitlines()[1].startswith("1,7,沙钢,1")


def test_options_replace_what_the_configuration_says_of_a_table() -> None:
    names = ExternalGraphNames(label=("A",), relationship=("B",), orders="MATCH 1")
    settings = Settings(neo4j=names)
    graph = find_external_graph(settings, Connection(cypher={"referrals": "MATCH 2"}))
    assert graph is not None
    assert (graph.labels, graph.types) == (("A",), ())
    assert graph.statements == {"orders": "MATCH 1", "referrals": "MATCH 2"}


def test_table_with_names_and_a_statement_is_refused() -> None:
    connection = Connection(label="A", cypher={"customers": "MATCH"})
    with pytest.raises(UsageError) as caught:
        find_external_graph(Settings(), connection)
    assert caught.value.id == "cypher-beside-names"
    with pytest.raises(UsageError):
        Connection(cypher={"custmers": "MATCH"})


@pytest.mark.slow
def test_ten_million_rows_are_read_in_bounded_memory(people: Any) -> None:
    import resource

    text = "UNWIND range(1, 10000000) AS i RETURN i / 10 AS customer, '2024-01-01' AS at, i AS id"
    customers = "UNWIND range(0, 1000000) AS i RETURN i AS id"
    data = open_statements(people, customers=customers, orders=text).dataset()
    assert data.orders is not None
    assert data.orders.height == 10_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 8 << 20
    with open_driver(people) as driver:
        driver.verify_connectivity()
