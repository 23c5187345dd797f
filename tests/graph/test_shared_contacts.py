"""Clusters of shared contacts are the connected components of the graph of equal values."""

from __future__ import annotations

import networkx as nx
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from refgraph.graph.shared_contacts import CONTACT_FIELDS, find_clusters, normalize_contacts

PHONES = st.none() | st.sampled_from([f"1380000000{k}" for k in range(6)])
EMAILS = st.none() | st.sampled_from([f"m{k}@x.example" for k in range(6)])
Contacts = list[tuple[str | None, str | None]]


def build_people(contacts: Contacts) -> pl.DataFrame:
    """Parties with an e-mail and a phone each."""
    rows = [(k, email, phone, None, None) for k, (email, phone) in enumerate(contacts)]
    schema = {"place": pl.Int32, **dict.fromkeys(CONTACT_FIELDS, pl.String)}
    return pl.DataFrame(rows, schema=schema, orient="row")


@given(st.lists(st.tuples(EMAILS, PHONES), max_size=40))
def test_find_clusters_of_any_contacts_gives_connected_components(contacts: Contacts) -> None:
    clusters = find_clusters(normalize_contacts(build_people(contacts))).tolist()
    graph = nx.Graph()
    graph.add_nodes_from(range(len(contacts)))
    for party, values in enumerate(contacts):
        graph.add_edges_from((party, ("value", value)) for value in values if value)
    expected = [0] * len(contacts)
    for component in nx.connected_components(graph):
        members = [node for node in component if isinstance(node, int)]
        for member in members:
            expected[member] = min(members)
    assert clusters == expected


def test_normalize_contacts_removes_case_signs_and_prefixes() -> None:
    people = pl.DataFrame(
        {
            "place": [0],
            "email": ["  Li.Lei+News@Example.com "],
            "phone": ["0086-138 0013 8000"],
            "address": ["北京市，云溪路 １ 号"],
            "tax_id": ["9137 ab-12"],
        }
    )
    assert normalize_contacts(people).row(0, named=True) == {
        "place": 0,
        "email": "li.lei@example.com",
        "phone": "13800138000",
        "address": "北京市云溪路1号",
        "tax_id": "9137ab12",
    }


def test_of_several_contacts_the_first_is_compared() -> None:
    one = build_people([("a@x.example", "13800138000"), ("b@y.example", "0086 21 5555 1234")])
    several = one.with_columns(
        email=pl.col("email") + "; z@z.example", phone=pl.col("phone") + "; 13900139000"
    )
    normalized = normalize_contacts(several)
    assert normalized.equals(normalize_contacts(one))
    assert normalized["email"].to_list() == ["a@x.example", "b@y.example"]
