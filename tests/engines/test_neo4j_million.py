"""A foreign graph of a million nodes with 30 properties is read from a server with 512 MB."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.neo4j_server import start_test_server, stop_test_server
from support.stores import connect

from refgraph.engines.neo4j.external_graph import ExternalGraph, ReferralType
from refgraph.engines.neo4j.external_tables import read_external_tables
from refgraph.model.settings import Settings

pytestmark = [pytest.mark.neo4j, pytest.mark.slow]
NODES = 1_000_000
TEXTS = ", ".join(f"p{i}: 'text of property {i} of node ' + toString(i)" for i in range(26))
WRITE_NODES = f"""
UNWIND range(0, $nodes - 1) AS i CALL (i) {{
  CREATE (:Account {{number: i, name: 'Account ' + toString(i), revenue: i / 7.0,
                    joined: date('2015-01-01') + duration({{days: i % 3650}}), {TEXTS}}})
}} IN TRANSACTIONS OF 10000 ROWS"""
WRITE_RELATIONSHIPS = """
UNWIND range(1, $nodes - 1) AS i CALL (i) {
  MATCH (a:Account {number: i / 3}), (b:Account {number: i})
  CREATE (a)-[:INTRODUCED {at: date('2016-01-01') + duration({days: i % 3000})}]->(b)
} IN TRANSACTIONS OF 10000 ROWS"""


def test_million_nodes_are_read_with_and_without_an_index(tmp_path: Path) -> None:
    server = start_test_server(tmp_path / "home", heap="512m")
    graph = ExternalGraph(labels=("Account",), types=(ReferralType("INTRODUCED"),))
    settings = Settings(columns={"customers.id": "number"})
    try:
        with server.driver() as driver, driver.session(database="neo4j") as session:
            session.run(WRITE_NODES, nodes=NODES).consume()
            session.run("CREATE INDEX account FOR (a:Account) ON (a.number)").consume()
            session.run("CALL db.awaitIndexes(600)").consume()
            session.run(WRITE_RELATIONSHIPS, nodes=NODES).consume()
        for change in ("RETURN 1", "DROP INDEX account"):
            with server.driver() as driver, driver.session(database="neo4j") as session:
                session.run(change).consume()
            with connect(server) as database:
                tables = read_external_tables(database, graph, settings).by_name
            (customers,), (referrals,) = tables["customers"], tables["referrals"]
            assert customers.frame["number"].n_unique() == NODES
            assert customers.frame.columns == ["joined", "name", "number", "revenue"]
            assert referrals.frame["referred"].n_unique() == NODES - 1
    finally:
        stop_test_server(server)
