"""Query plans on a database with data: no statement scans more than it has to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.neo4j_server import wipe
from support.stores import connect, list_statement_names, open_driver, open_store

from refgraph import pipeline
from refgraph.engines.queries import Statement, load_statement
from refgraph.errors import DatabaseError

pytestmark = pytest.mark.neo4j
SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
SLOTS = {
    "label": "Customer",
    "type": "REFERRED",
    "from": "Customer",
    "to": "Customer",
    "key": "id",
    "constraint": "c",
    "marker": "line",
    "mark": ["Group"],
    "text": ["name"],
    "plain": ["name"],
    "date": ["joined"],
    "float": ["revenue"],
    "integer": ["line"],
    "boolean": ["stub"],
    "list": ["members"],
    "range": [],
    "rest": [],
    "from_key": "id",
    "to_key": "id",
    "orders": "Order",
    **dict.fromkeys(("other", "from_other", "to_other", "customers"), ["Group"]),
}
LISTS = {"LIST<INTEGER>": [1, 2], "LIST<BYTES>": [b"a", b"b"]}
VALUES = {"ANY": "a", "STRING": "a", "INTEGER": 1, "MAP": {}, "LIST<STRING>": ["a", "b"], **LISTS}
ALL_NODES = {"inspect/count_all_nodes"}
"""Statements that may look at all nodes: the count of the server itself."""
LABEL_SCANS = {
    "browser/bought_by_the_referred",
    "browser/direct_referrals",
    "browser/groups",
    "browser/referrals_by_year",
    "inspect/types_between",
    "inspect/added_node_values",
    "inspect/added_relationship_values",
    "inspect/attached_relationships",
    "inspect/node_properties",
    "inspect/relationship_properties",
    "inspect/node_sample",
    "inspect/count_nodes",
    "inspect/count_relationships",
    "read/external_lone_orders",
    "read/external_nodes",
    "read/external_orders",
    "read/external_purchases",
    "read/external_relationships",
    "write/remove_nodes",
    "write/remove_record",
    "sync/last_row",
    "sync/remove_affiliations",
    "sync/remove_groups",
    "sync/remove_node_property",
    "sync/remove_relationship_property",
    "sync/remove_unnumbered_affiliations",
    "sync/remove_unnumbered_orders",
    "sync/unnumbered_affiliations",
    "sync/unnumbered_orders",
    "write_back/clear_values",
    "write_back/count_nodes",
    "write_back/sample_key",
    "write_back/taken_label",
    "write_back/taken_properties",
    "write/remove_relationships",
}
"""Statements that have to see every node of a label."""
UNBOUNDED_PRODUCT = "03N90"
"""Status of a plan that multiplies rows."""

Plans = dict[str, tuple[list[str], list[str]]]
"""Statement -> operators of its plan, status codes."""


def list_operators(plan: Any) -> list[str]:
    """Operators of a plan and of all its children."""
    operators = [plan["operatorType"].partition("@")[0]]
    for child in plan.get("children", ()):
        operators += list_operators(child)
    return operators


def can_be_explained(statement: Statement) -> bool:
    is_command = "SHOW" in statement.text or "CALL db" in statement.text
    return statement.mode != "schema" and not is_command


@pytest.fixture(scope="module")
def plans(neo4j_server: Any) -> Plans:
    wipe(neo4j_server)
    open_store(neo4j_server).load(pipeline.open_source(SAMPLE).dataset())
    found = {}
    with open_driver(neo4j_server) as driver, driver.session(database="neo4j") as session:
        for name in list_statement_names():
            statement = load_statement(name)
            if not can_be_explained(statement):
                continue
            slots = {slot: SLOTS[slot] for slot in statement.slots}
            if name.endswith(("/summary", "/remove_tail")):
                slots["label"] = "RefgraphFinding"
            text = statement.to_cypher(**slots)
            parameters = {p: VALUES[kind] for p, kind in statement.parameters.items()}
            summary = session.run(f"EXPLAIN {text}", parameters).consume()
            codes = [status.gql_status for status in summary.gql_status_objects]
            found[name] = (list_operators(summary.plan), codes)
    return found


def test_statements_use_indexes(plans: Plans) -> None:
    assert len(plans) > 20
    for name, (operators, codes) in plans.items():
        assert UNBOUNDED_PRODUCT not in codes, name
        if name not in ALL_NODES:
            assert not any("AllNodesScan" in o for o in operators), (name, operators)
        if name not in LABEL_SCANS:
            assert not any("NodeByLabelScan" in o for o in operators), (name, operators)


@pytest.mark.parametrize(
    "name", ["write/customers", "write/referrals", "write/orders", "write/summary"]
)
def test_write_statements_have_no_eager_step(name: str, plans: Plans) -> None:
    """An Eager operator would hold a whole batch in memory."""
    operators, _ = plans[name]
    assert "Eager" not in operators


def test_read_write_statement_is_refused(neo4j_empty: Any) -> None:
    statement = load_statement("write/begin_removal").to_cypher()
    with connect(neo4j_empty) as database, pytest.raises(DatabaseError):
        database.read(statement)


@pytest.mark.parametrize(
    "name", ["external_nodes", "external_relationships", "external_orders", "external_purchases"]
)
def test_ranges_of_a_foreign_graph_use_its_index(
    name: str, plans: Plans, neo4j_server: Any
) -> None:
    statement = load_statement(f"read/{name}")
    slots = {slot: SLOTS[slot] for slot in statement.slots} | {"range": ["id"], "other": []}
    slots = {slot: names for slot, names in slots.items() if slot in statement.slots}
    with open_driver(neo4j_server) as driver, driver.session(database="neo4j") as session:
        parameters = {p: VALUES[kind] for p, kind in statement.parameters.items()}
        plan = session.run(f"EXPLAIN {statement.to_cypher(**slots)}", parameters).consume().plan
    assert any("Index" in operator for operator in list_operators(plan)), list_operators(plan)
