"""networkx graphs: an export reads back the same; other graphs are read or refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import examples, toys
from support.random_cases import choose_few

import refgraph
from refgraph import analyses, pipeline, renderers
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.model.dataset import Dataset
from refgraph.model.scope import Scope
from refgraph.model.settings import KeyAccountRule, OldCustomerRule, Settings

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
IDS = ["1", "01", " 1 ", "b", "c", "d", "e", str(2**63), "沙钢"]
DAYS = st.dates(date(2000, 1, 1), date(2024, 12, 31)).map(str)
NAMES = st.sampled_from(["A", "B", "沙钢", "x|y", "b"])
PEOPLE = st.dictionaries(
    st.sampled_from(IDS),
    st.fixed_dictionaries(
        {},
        optional={
            "name": NAMES,
            "role": st.sampled_from(["customer", "staff", "partner", "authority", "outside"]),
            "joined": DAYS,
            "status": st.sampled_from(["closed", "lost", "void", "prospect"]),
            "revenue": st.integers(0, 10**6).map(lambda c: c / 100),
            "left": DAYS,
            "source": NAMES,
            "colour": NAMES,
            "stage": NAMES,
            "orders": NAMES,
            "Name": NAMES,
            "file": NAMES,
        },
    ),
    min_size=1,
)
REFERRALS = st.lists(
    st.fixed_dictionaries(
        {"referrer": st.sampled_from(IDS), "referred": st.sampled_from(IDS)},
        optional={
            "at": DAYS,
            "share": st.sampled_from([0.25, 0.5, 1.0]),
            "tie": st.sampled_from(["staff", "friend"]),
            "reward": st.integers(0, 9),
            "status": st.sampled_from(["closed", "void"]),
            "kind": NAMES,
        },
    ),
    max_size=14,
)
ORDERS = st.lists(
    st.fixed_dictionaries(
        {"customer": st.sampled_from(IDS), "at": DAYS},
        optional={
            "revenue": st.integers(-100, 10**6).map(lambda c: c / 100),
            "order_id": st.sampled_from("uvw"),
            "place": NAMES,
        },
    ),
    max_size=6,
)
RULES = st.sampled_from(
    [
        Settings(),
        Settings(
            key_account=KeyAccountRule("revenue", 50.0),
            old_customer=OldCustomerRule(3, 1),
            units={"money": "元"},
        ),
    ]
)


FOUND = " names a party by "
"""A graph holds the ids of parties, and no longer how a cell named them."""


def answers(data: Dataset) -> dict[str, bytes]:
    """Every answer with its headline as JSON, without origin, file, line and what was rejected."""
    found, engine = {}, OfflineEngine(data)
    for name in analyses.NAMES:
        asked = examples.get_parameters(name, engine)
        if asked is None or name == "integrity":  # it lists rejects too; a graph carries none
            continue
        page = json.loads(renderers.render(pipeline.run(engine, name, asked), "json", "en"))
        page = [
            {k: v for k, v in one.items() if k != "origin"}
            for one in (page if isinstance(page, list) else [page])
        ]
        for one in page:
            one["notes"] = [n for n in one["notes"] if " rejected" not in n and FOUND not in n]
        for row in (row for one in page for row in one["rows"]):
            for place in ("file", "line", "rows"):
                row.pop(place, None)
        found[name] = json.dumps(page).encode()
    return found


def drop_departures(
    people: dict[str, Any], orders: list[dict[str, Any]], day: date | None
) -> dict[str, Any]:
    """The people without departures that do not hold on a day: later ones, and of buyers since."""
    last = {one["customer"]: one["at"] for one in sorted(orders, key=lambda one: one["at"])}
    return {
        party: {
            column: value
            for column, value in columns.items()
            if column != "left"
            or ((day is None or value <= str(day)) and value >= last.get(party, ""))
        }
        for party, columns in people.items()
    }


@settings(max_examples=4, deadline=None)
@given(people=PEOPLE, referrals=REFERRALS, orders=ORDERS, rules=RULES)
def test_read_exported_graph_returns_same_dataset_and_answers(
    people: Any, referrals: Any, orders: Any, rules: Settings
) -> None:
    company = toys.company(people, referrals, orders, rules)
    day = refgraph.build_graph(company).as_of
    data = toys.company(drop_departures(people, orders, day), referrals, orders, rules)
    back = refgraph.read(refgraph.build_graph(data).to_networkx())
    assert back.fingerprint == data.fingerprint
    assert back.recorded == data.recorded
    assert set(back.rejects["code"]) <= {"unknown-word"}  # a status that nobody understood
    assert answers(back) == answers(data)


@pytest.mark.parametrize("make", [*choose_few(toys.TOYS.values(), 6), lambda: refgraph.read(CASE)])
def test_read_exported_toy_or_classic_case_returns_same_dataset(
    make: Callable[[], Dataset],
) -> None:
    data = make()
    back = refgraph.read(refgraph.build_graph(data).to_networkx())
    assert (back.fingerprint, answers(back)) == (data.fingerprint, answers(data))


def test_read_graph_from_node_link_json_returns_same_dataset() -> None:
    graph = refgraph.build_graph(refgraph.read(CASE)).to_networkx()
    text = json.dumps(nx.node_link_data(graph, edges="edges"), default=str)
    back = refgraph.read(nx.node_link_graph(json.loads(text), edges="edges"))
    assert back.fingerprint == refgraph.read(CASE).fingerprint


def test_export_graph_with_scope_keeps_scope_and_marks_stubs() -> None:
    data = toys.company(
        {"a": {"joined": "2020-01-01"}, "b": {}},
        [
            {"referrer": "a", "referred": "b", "at": "2021-01-01"},
            {"referrer": "z", "referred": "a", "at": "2019-01-01"},
        ],
    )
    graph = refgraph.build_graph(data, Scope(as_of=date(2020, 6, 1))).to_networkx()
    assert list(graph.edges) == [("z", "a")]
    assert graph.nodes["z"] == {"stub": True, "role": "outside"}
    assert graph.edges["z", "a"] == {"at": date(2019, 1, 1)}


@settings(max_examples=8, deadline=None)
@given(parents=st.lists(st.integers(0, 10**6), min_size=1, max_size=25))
def test_read_foreign_forest_counts_descendants_as_networkx(parents: list[int]) -> None:
    graph = nx.MultiDiGraph((p % (k + 1), k + 1) for k, p in enumerate(parents))
    graph.add_edges_from(list(graph.edges(keys=False)))  # every referral twice
    data = refgraph.read(graph)
    frame = refgraph.run("recommenders", data).frame
    assert dict(frame.select("customer", "downstream").iter_rows()) == {
        str(v): len(nx.descendants(graph, v)) for v in graph if graph.out_degree(v)
    }
    assert data.ledger["duplicates"].sum() == len(parents)


def test_read_graph_attributes_become_columns() -> None:
    graph = nx.DiGraph()
    graph.add_node(2**63, name="A", joined=date(2020, 1, 1), revenue=1.5, id="x", orders=3)
    graph.add_node(np.int64(7), 客户名称="B", orders=[{"at": date(2021, 1, 1), "revenue": 2}])
    graph.add_edge(2**63, 7, 推荐日期="2021-02-03", referrer="y")
    graph.add_edge(7, 7)
    data = refgraph.read(graph)
    assert data.customers.select("id", "name", "id*", "orders*").rows() == [
        (str(2**63), "A", "x", "3"),
        ("7", None, None, None),
    ]
    assert data.orders is not None and data.orders.select("customer", "revenue").rows() == [
        ("7", 2.0)
    ]
    assert data.referrals.select("referrer", "referred", "at", "referrer*").row(0) == (
        str(2**63),
        "7",
        date(2021, 2, 3),
        "y",
    )
    assert data.rejects.select("file", "line", "code").rows() == [("edges", 2, "self-referral")]


def test_read_graph_with_named_table_replaces_edges() -> None:
    graph = nx.DiGraph([("a", "b")])
    data = refgraph.read(graph, referrals=pl.DataFrame({"referrer": ["b"], "referred": ["a"]}))
    assert data.referrals.select("referrer", "referred").rows() == [("b", "a")]


@pytest.mark.parametrize(
    ("graph", "id"),
    [
        (nx.Graph([(1, 2)]), "undirected-graph"),
        (nx.DiGraph([(1, "1")]), "nodes-alike"),
        (nx.DiGraph([(1.5, 2)]), "float-ids"),
        (nx.DiGraph([(True, "a")]), "cell-not-text"),
        (nx.DiGraph([(("a", 1), "b")]), "cell-not-text"),
        (nx.DiGraph([("a", "b", {"at": [1]})]), "cell-not-text"),
        (nx.DiGraph([("a", "b")], refgraph={"units": 3}), "table-unreadable"),
        (nx.DiGraph([("a", "\ud800")]), "table-unreadable"),
    ],
)
def test_read_unusable_graph_raises_one_line_error(graph: Any, id: str) -> None:
    with pytest.raises(UsageError) as caught:
        refgraph.read(graph)
    assert caught.value.id == id
    assert "\n" not in str(caught.value)
