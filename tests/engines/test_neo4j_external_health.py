"""``doctor`` says what looks wrong with the way a company's own graph is read."""

from __future__ import annotations

from typing import Any

import pytest
from support.stores import connect, run_cypher

from refgraph.engines.neo4j import external_health
from refgraph.engines.neo4j.external_graph import ExternalGraph, ReferralType
from refgraph.engines.neo4j.external_health import check_external_graph
from refgraph.model.settings import Settings

pytestmark = pytest.mark.neo4j


@pytest.fixture
def chain(neo4j_empty: Any) -> Any:
    """Thirty persons, each of whom brought the next a day later; two of them also met."""
    run_cypher(
        neo4j_empty,
        """UNWIND range(1, 30) AS i
           CREATE (:Walker {number: i, joined: date('2020-01-01') + duration({days: i})})
           WITH count(*) AS all UNWIND range(1, 29) AS i
           MATCH (a:Walker {number: i}), (b:Walker {number: i + 1}) CREATE (a)-[:BROUGHT]->(b)
           WITH a, b WHERE a.number < 3 CREATE (a)-[:MET]->(b)""",
    )
    return neo4j_empty


def check(server: Any, **graph: Any) -> dict[str, bool]:
    """Findings by their id: whether each is good."""
    settings = Settings(columns={"customers.id": "number"})
    with connect(server) as database:
        findings = list(check_external_graph(database, ExternalGraph(**graph), settings))
    return {finding.message.id.removeprefix("doctor."): finding.is_good for finding in findings}


@pytest.mark.parametrize("is_reversed", [False, True])
def test_direction_against_the_dates_is_found(is_reversed: bool, chain: Any) -> None:
    found = check(chain, labels=("Walker",), types=(ReferralType("BROUGHT", is_reversed),))
    word = "graph-backward" if is_reversed else "graph-forward"
    assert found[word] is not is_reversed
    assert found["graph-unused-types"]


def test_label_without_types_names_those_there_are(chain: Any) -> None:
    assert check(chain, labels=("Walker",))["graph-unused-types"] is False


def test_missing_index_is_a_fault_of_a_large_label(
    chain: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert check(chain, labels=("Walker",))["graph-no-index"]
    monkeypatch.setattr(external_health, "LARGE_LABEL", 10)
    assert check(chain, labels=("Walker",))["graph-no-index"] is False
    run_cypher(chain, "CREATE INDEX walker IF NOT EXISTS FOR (w:Walker) ON (w.number)")
    run_cypher(chain, "CALL db.awaitIndexes(60)")
    assert check(chain, labels=("Walker",))["graph-indexed"]
    run_cypher(chain, "DROP INDEX walker")


def test_unknown_names_and_statements_that_cannot_be_run_are_found(chain: Any) -> None:
    assert check(chain, labels=("Wolker",)) == {"graph-unreadable": False}
    assert check(chain, statements={"customers": "CREATE (n)"}) == {"graph-unreadable": False}
    text = "MATCH (w:Walker) RETURN w.number AS number"
    assert check(chain, statements={"customers": text}) == {"graph-statement": True}
