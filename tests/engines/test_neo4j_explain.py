"""Plans: no statement walks over all nodes, multiplies rows or scans a label without need, on a database that holds data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from refgraph import flow
from refgraph.engines import queries
from refgraph.engines.queries import statement
from stores import driver, store

pytestmark = pytest.mark.neo4j
CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
SLOTS = {"label": "Customer", "type": "REFERRED", "from": "Customer", "to": "Customer", "key": "id", "constraint": "c",
         "text": ["name"], "plain": ["name"], "date": ["joined"], "number": ["revenue"], "whole": ["line"], "flag": ["stub"],
         "list": ["members"]}  # fmt: skip
GIVEN = {"STRING": "a", "INTEGER": 1, "MAP": {}, "LIST<STRING>": ["a", "b"]}
EVERYWHERE = {"look/nodes"}
"""Statements that may look at all nodes: the count of the server itself."""
SCANS = {"look/keys", "look/relationship_keys", "read/foreign_nodes", "read/foreign_relationships", "write/remove", "write/cut",
         "look/labels", "look/relationships"}  # fmt: skip
"""Statements that are meant to see every node of a label."""


def operators(plan: Any) -> list[str]:
    return [plan["operatorType"].partition("@")[0], *(o for child in plan.get("children", ()) for o in operators(child))]


@pytest.fixture(scope="module")
def plans(neo4j_server: Any) -> dict[str, tuple[list[str], list[str]]]:
    from neo4j_server import wipe

    wipe(neo4j_server)
    store(neo4j_server).load(flow.open_source(CASE).dataset())
    found = {}
    with driver(neo4j_server) as one, one.session(database="neo4j") as session:
        for name in queries.names():
            if statement(name).mode == "schema" or "SHOW" in statement(name).text or "CALL db" in statement(name).text:
                continue
            names = SLOTS | ({"label": "RefgraphFinding"} if name.endswith("/account") else {})
            text = statement(name).filled(**{slot: names[slot] for slot in statement(name).slots})
            given = {p: GIVEN[kind] for p, kind in statement(name).needs.items()}
            summary = session.run(f"EXPLAIN {text}", given).consume()
            found[name] = (operators(summary.plan), [n.gql_status for n in summary.gql_status_objects])
    return found


def test_statements_use_indexes(plans: dict[str, tuple[list[str], list[str]]]) -> None:
    assert len(plans) > 20
    for name, (steps, told) in plans.items():
        assert "03N90" not in told, name
        assert name in EVERYWHERE or not any("AllNodesScan" in s for s in steps), (name, steps)
        assert name in SCANS or not any("NodeByLabelScan" in s for s in steps), (name, steps)


def test_loading_is_not_eager(plans: dict[str, tuple[list[str], list[str]]]) -> None:
    """An Eager step would hold a whole batch back."""
    for name in ("write/customers", "write/referrals", "write/orders", "write/account"):
        assert "Eager" not in plans[name][0], (name, plans[name][0])


def test_readers_cannot_write(neo4j_empty: Any) -> None:
    from refgraph.errors import DatabaseError
    from stores import database

    with pytest.raises(DatabaseError):
        database(neo4j_empty).read(statement("write/removing").filled())
