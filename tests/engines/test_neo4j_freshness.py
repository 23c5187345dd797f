"""A load counts as fresh only while what stands in the database is what was loaded."""

from __future__ import annotations

from typing import Any

import pytest
from support import toys
from support.stores import open_store, run_cypher

from refgraph.engines.neo4j import batches, subgraph
from refgraph.engines.neo4j.store import Neo4jStore
from refgraph.model.scope import Scope
from refgraph.progress import listen

pytestmark = pytest.mark.neo4j


@pytest.fixture(autouse=True)
def _read_parts_of_small_companies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subgraph, "SMALL_COMPANY", 0)


def is_fresh(engine: Neo4jStore) -> bool:
    """Only a fresh load gives a part of its graph."""
    return engine.find_subgraph(["a"], "below", Scope()) is not None


def expect_edited(engine: Neo4jStore, *arguments: Any) -> None:
    """The load says that somebody has edited its data, and leaves them alone."""
    remarks: list[str] = []
    with listen(remarks.append):
        engine.load(*arguments)
    assert "edited" in remarks


def test_load_again_unmarked_load_is_marked_fresh_if_unedited(neo4j_empty: Any) -> None:
    """A load that ended before its last transaction was recorded."""
    engine = open_store(neo4j_empty)
    engine.load(toys.chain())
    for revenue, is_original in ((77.0, False), (10.0, True)):
        run_cypher(neo4j_empty, "MATCH (n:RefgraphLoad) SET n.settled = null")
        change = "MATCH (n:Customer {id: 'b'}) SET n.revenue = $revenue"
        run_cypher(neo4j_empty, change, revenue=revenue)
        assert not is_fresh(engine)
        if is_original:
            assert engine.load(toys.chain()) == "same"
        else:
            expect_edited(engine, toys.chain())
        assert is_fresh(engine) is is_original


def test_load_foreign_edit_during_load_is_reported(
    neo4j_empty: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH_ROWS", 1)
    data, edits = toys.chain(), list[int]()
    change = "MATCH (n:Customer {id: 'a'}) SET n.revenue = $revenue"

    def edit(stage: str, done: int, total: int | None = None) -> None:
        if stage == "load-customers" and done == 3 and not edits:
            run_cypher(neo4j_empty, change, revenue=12345.0)
            edits.append(done)

    expect_edited(open_store(neo4j_empty), data, edit)
    assert edits
    assert not is_fresh(open_store(neo4j_empty))
    expect_edited(open_store(neo4j_empty), data)
    assert not is_fresh(open_store(neo4j_empty))
    original = data.customers.filter(id="a")["revenue"][0]
    run_cypher(neo4j_empty, change, revenue=original)
    assert open_store(neo4j_empty).load(data) == "same"
    assert is_fresh(open_store(neo4j_empty))


def test_load_foreign_node_during_load_stays_fresh(
    neo4j_empty: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH_ROWS", 1)

    def create_node(stage: str, done: int, total: int | None = None) -> None:
        if stage == "load-referrals" and done == 1:
            run_cypher(neo4j_empty, "CREATE (:Stranger)")

    assert open_store(neo4j_empty).load(toys.chain(), create_node) == "new"
    assert is_fresh(open_store(neo4j_empty))
