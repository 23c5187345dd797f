"""``--replace`` looks for what others have attached before it deletes anything."""

from __future__ import annotations

from typing import Any

import pytest
from support import toys
from support.stores import open_store, run_cypher

from refgraph.engines.options import LoadAction, LoadOptions
from refgraph.errors import DatabaseError

pytestmark = pytest.mark.neo4j
ATTACHED = {
    "db-foreign-relationships": "MATCH (c:Customer) WITH c LIMIT 1 CREATE (c)-[:NOTED]->(:Note)",
    "db-foreign-properties": "MATCH (c:Customer) WITH c LIMIT 1 SET c.remark = 'x'",
}
COUNT = "MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n), count(r)"


def test_replace_counts_a_relationship_between_two_of_its_nodes_once(neo4j_empty: Any) -> None:
    store = open_store(neo4j_empty)
    store.load(toys.star())
    run_cypher(
        neo4j_empty,
        """MATCH (a:Customer), (b:Customer) WHERE a.id < b.id WITH a, b ORDER BY a.id, b.id LIMIT 1
        CREATE (a)-[:KNOWS]->(b), (b)-[:KNOWS]->(b), (a)-[:NOTED]->(:Note)""",
    )
    with pytest.raises(DatabaseError) as caught:
        store.load(toys.chain(), options=LoadOptions(replace=True, into_existing=True))
    store.close()
    assert caught.value.values["relationships"] == 3
    assert caught.value.values["types"] == ["KNOWS", "NOTED"]


@pytest.mark.parametrize("error", ATTACHED)
def test_replace_refuses_before_it_deletes(error: str, neo4j_empty: Any) -> None:
    store = open_store(neo4j_empty)
    store.load(toys.star())
    run_cypher(neo4j_empty, ATTACHED[error])
    options = LoadOptions(replace=True, into_existing=True)
    before = run_cypher(neo4j_empty, COUNT)
    with pytest.raises(DatabaseError) as caught:
        store.load(toys.chain(), options=options)
    assert caught.value.id == error
    assert run_cypher(neo4j_empty, COUNT)[0][1] >= before[0][1]
    run_cypher(neo4j_empty, "MATCH (n:Note) DETACH DELETE n")
    run_cypher(neo4j_empty, "MATCH (c:Customer) REMOVE c.remark")
    assert store.load(toys.chain(), options=options) is LoadAction.REPLACE
    store.close()
