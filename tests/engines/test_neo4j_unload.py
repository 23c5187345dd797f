"""``refgraph unload`` removes what refgraph made in a database, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.stores import open_store, run_cypher

from refgraph import pipeline
from refgraph.engines.write_back import WriteBack
from refgraph.errors import DatabaseError
from refgraph.model.result import Result
from refgraph.pipeline.write_back import plan_write_back
from refgraph.progress import Progress

pytestmark = pytest.mark.neo4j
SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "l96"


class StoppedError(Exception):
    """An unload that is interrupted on purpose."""


@pytest.fixture(scope="module")
def offline() -> Any:
    return pipeline.open_source(SAMPLE)


@pytest.fixture(scope="module")
def recommenders(offline: Any) -> Result:
    return pipeline.run(offline, "recommenders")


@pytest.fixture
def loaded(neo4j_empty: Any, offline: Any) -> Any:
    open_store(neo4j_empty).load(offline.dataset(), source="l96")
    return neo4j_empty


def plan(result: Result) -> WriteBack:
    return plan_write_back(result, "f" * 64)


def interrupt_at(call: int) -> Progress:
    calls = iter(range(10**9))

    def report(stage: str, done: int, total: int | None = None) -> None:
        if next(calls) == call:
            raise StoppedError

    return report


def test_unload_removes_what_refgraph_made_and_nothing_else(
    loaded: Any, recommenders: Result
) -> None:
    run_cypher(loaded, "CREATE (:Note {text: 'mine'})-[:ABOUT]->(:Thing {id: 1})")
    run_cypher(loaded, "CREATE CONSTRAINT mine IF NOT EXISTS FOR (t:Thing) REQUIRE t.id IS UNIQUE")
    try:
        open_store(loaded).write_back(plan(recommenders))
        store = open_store(loaded)
        assert len(store.plan_unload().constraints) == 10
        store.unload()
        rows = run_cypher(loaded, "MATCH (n) RETURN labels(n) ORDER BY labels(n)")
        assert rows == [[["Note"]], [["Thing"]]]
        assert run_cypher(loaded, "SHOW CONSTRAINTS YIELD name") == [["mine"]]
        assert store.plan_unload().is_empty
    finally:
        run_cypher(loaded, "DROP CONSTRAINT mine IF EXISTS")


def test_unload_interrupted_anywhere_is_run_again(
    neo4j_empty: Any, offline: Any, recommenders: Result
) -> None:
    for call in (0, 3, 6):
        open_store(neo4j_empty).load(offline.dataset())
        open_store(neo4j_empty).write_back(plan(recommenders))
        with pytest.raises(StoppedError):
            open_store(neo4j_empty).unload(interrupt_at(call))
        open_store(neo4j_empty).unload()
        assert run_cypher(neo4j_empty, "MATCH (n) RETURN count(n)") == [[0]]
        assert run_cypher(neo4j_empty, "SHOW CONSTRAINTS") == []


@pytest.mark.parametrize(
    "statement",
    [
        "MATCH (n:Customer) WITH n LIMIT 1 CREATE (n)-[:NOTED]->(:Note)",
        "MATCH (n:Customer) WITH n LIMIT 1 SET n.mood = 'calm'",
    ],
)
def test_unload_touches_nothing_where_others_have_attached_data(
    statement: str, loaded: Any
) -> None:
    run_cypher(loaded, statement)
    before = run_cypher(loaded, "MATCH (n) RETURN properties(n) ORDER BY elementId(n)")
    for call in (open_store(loaded).plan_unload, open_store(loaded).unload):
        with pytest.raises(DatabaseError):
            call()
    after = run_cypher(
        loaded, "MATCH (n) WHERE NOT n:RefgraphLock RETURN properties(n) ORDER BY elementId(n)"
    )
    assert after == [row for row in before if "token" not in row[0]]
