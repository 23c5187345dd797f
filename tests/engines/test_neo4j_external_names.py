"""Labels, types, orders and properties of a graph that refgraph did not load, without Cypher."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from support.film_graph import create_film_graph, make_graph
from support.stores import connect, open_store, run_cypher

from refgraph.engines.neo4j import external_lists, external_names
from refgraph.engines.neo4j.external_graph import ExternalGraph, ReferralType
from refgraph.errors import DataError
from refgraph.model.settings import Settings

pytestmark = pytest.mark.neo4j


def read_parties(server: Any, graph: ExternalGraph, **columns: str) -> Any:
    named = {name.replace("__", "."): header for name, header in columns.items()}
    settings = Settings(columns=named)
    return open_store(server, settings=settings, external_graph=graph).dataset()


def test_node_with_several_labels_is_one_customer(neo4j_empty: Any) -> None:
    """Each label may call its key otherwise: a node is named by its first label."""
    run_cypher(
        neo4j_empty,
        """CREATE (a:Firm {id: 'a'}), (b:Firm:Shop {id: 'b', customer_id: 'x'}),
                  (c:Shop {customer_id: 'c'}), (a)-[:TO]->(b), (b)-[:TO]->(c), (c)-[:BY]->(a)""",
    )
    types = (ReferralType("TO"), ReferralType("BY", True))
    data = read_parties(neo4j_empty, ExternalGraph(labels=("Firm", "Shop"), types=types))
    assert data.customers["id"].sort().to_list() == ["a", "b", "c"]
    pairs = sorted(data.referrals.select("referrer", "referred").rows())
    assert pairs == [("a", "b"), ("a", "c"), ("b", "c")]


def test_label_without_a_known_property_is_not_told_to_be_missing(neo4j_empty: Any) -> None:
    run_cypher(neo4j_empty, "CREATE (:Kunde {nr: 'a'})-[:LED]->(:Kunde {nr: 'b'})")
    graph = ExternalGraph(labels=("Kunde",), types=(ReferralType("LED"),))
    with pytest.raises(DataError) as caught:
        read_parties(neo4j_empty, graph)
    assert (caught.value.id, caught.value.values["seen"]) == ("missing-column", ["nr"])
    assert len(read_parties(neo4j_empty, graph, customers__id="nr").customers) == 2


@pytest.mark.parametrize("is_reversed", [False, True])
def test_orders_are_found_in_either_direction(is_reversed: bool, neo4j_empty: Any) -> None:
    arrow = "<-[:OF]-" if is_reversed else "-[:OF]->"
    run_cypher(
        neo4j_empty,
        f"""CREATE (a:C {{id: 'a'}}), (:C {{id: 'b'}}), (f:Film),
                   (a){arrow}(:Bill {{at: date('2024-01-02'), revenue: 5}}),
                   (a){arrow}(:Bill {{at: date('2024-01-03'), revenue: 7}}),
                   (f){arrow}(:Bill {{at: date('2024-01-04')}}),
                   (:Bill {{at: date('2024-01-05')}})""",
    )
    graph = ExternalGraph(labels=("C",), orders_label="Bill", orders_type="OF")
    data = read_parties(neo4j_empty, graph)
    assert sorted(data.orders["revenue"].to_list()) == [5.0, 7.0]
    ledger = data.ledger.filter(pl.col("table") == "orders").row(0, named=True)
    assert (ledger["read"], ledger["used"], ledger["rejected"]) == (4, 2, 2)


def test_orders_that_are_relationships_belong_to_the_customer_at_an_end(neo4j_empty: Any) -> None:
    run_cypher(
        neo4j_empty,
        """CREATE (a:C {id: 'a'}), (b:C {id: 'b'}), (g:Good), (h:Good),
                  (a)-[:BUY {at: date('2024-01-02'), revenue: 1}]->(g),
                  (g)-[:BUY {at: date('2024-01-02'), revenue: 2}]->(b),
                  (a)-[:BUY {at: date('2024-01-02'), revenue: 4}]->(b),
                  (g)-[:BUY {at: date('2024-01-02'), revenue: 8}]->(h)""",
    )
    data = read_parties(neo4j_empty, ExternalGraph(labels=("C",), orders_type="BUY"))
    assert sorted(data.orders.select("customer", "revenue").rows()) == [
        ("a", 1.0),
        ("a", 4.0),
        ("b", 2.0),
    ]
    assert dict(data.warnings)["relationship-elsewhere"] == 1


def test_orders_alone_name_their_customer_in_a_property(neo4j_empty: Any) -> None:
    run_cypher(
        neo4j_empty,
        "CREATE (:C {id: 7}), (:Bill {client: 7, at: date('2024-01-02'), revenue: 5})",
    )
    graph = ExternalGraph(labels=("C",), orders_label="Bill")
    data = read_parties(neo4j_empty, graph, orders__customer="client")
    assert data.orders.select("customer", "revenue").rows() == [("7", 5.0)]


@pytest.mark.parametrize("rows", [1, 2, 3, 100])
def test_ranges_of_an_index_hold_every_node_once(
    rows: int, neo4j_empty: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(external_lists, "RANGE_ROWS", rows)
    monkeypatch.setattr(external_lists, "LIST_ROWS", 2)
    run_cypher(neo4j_empty, "CREATE INDEX mixed IF NOT EXISTS FOR (n:Mixed) ON (n.id)")
    run_cypher(neo4j_empty, "CALL db.awaitIndexes(60)")
    keys = ["a", "a", "b", "", "客", "\U0010ffffz", 1, 2, 2, -3, 0.5, 1e300, True, None]
    run_cypher(
        neo4j_empty,
        "UNWIND $keys AS key CREATE (n:Mixed {id: key, name: toString(key)})-[:LED]->(n)",
        keys=keys,
    )
    run_cypher(
        neo4j_empty,
        "UNWIND [0.0/0, 1.0/0, -1.0/0, date('2024-01-01'), point({x: 1, y: 2})] AS key"
        " CREATE (n:Mixed {id: key, name: 'odd'})-[:LED]->(n)",
    )
    with connect(neo4j_empty) as database:
        indexed = external_names.find_index(database, "Mixed", Settings())
        assert indexed == external_lists.Indexed("Mixed", "id")
        for statement, columns, slots in (
            ("read/external_nodes", ["name"], {"label": "Mixed", "other": [], "text": ["name"]}),
            (
                "read/external_relationships",
                ["start", "end"],
                {
                    **{"from": "Mixed", "to": "Mixed", "type": "LED", "text": []},
                    **{"from_key": "name", "to_key": "name", "from_other": [], "to_other": []},
                },
            ),
        ):
            whole = external_lists.read_lists(database, statement, columns, **slots)
            parts = external_lists.read_lists(database, statement, columns, indexed, **slots)
            assert whole.height == len(keys) + 5
            assert parts.sort(columns).equals(whole.sort(columns))


def test_property_that_nothing_has_is_refused_with_those_there_are(neo4j_empty: Any) -> None:
    create_film_graph(neo4j_empty)
    for key, named, nearest in (("key", ("vipp",), "vip"), ("kye", (), "key")):
        graph = make_graph("Person", "BROUGHT_BY", properties=named)
        with pytest.raises(DataError) as caught:
            read_parties(neo4j_empty, graph, customers__id=key)
        assert caught.value.id == "no-property"
        assert caught.value.values["known"][0] == nearest


def test_only_known_and_named_properties_are_read(neo4j_empty: Any) -> None:
    run_cypher(neo4j_empty, "CREATE (:C {id: 1, hobby: 'chess', note: 'x', name: 'n'})")
    plain = read_parties(neo4j_empty, ExternalGraph(labels=("C",)))
    named = read_parties(neo4j_empty, ExternalGraph(labels=("C",), properties=("hobby",)))
    assert "hobby" not in plain.customers.columns
    assert named.customers["hobby"].to_list() == ["chess"]
    assert plain.customers["name"].to_list() == named.customers["name"].to_list() == ["n"]
    unread = [(code, rows) for code, rows in plain.warnings if code.startswith("property-unread")]
    assert unread == [("property-unread (:C) hobby, note", 2)]
    assert dict(named.warnings)["property-unread (:C) note"] == 1
