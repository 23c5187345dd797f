"""Who came by referral and whose source nobody knows, on a company worked by hand."""

from __future__ import annotations

from support.toys import company

from refgraph.graph import build_graph
from refgraph.measures.referral_status import has_unknown_source, is_referred
from refgraph.model.graph import Graph
from refgraph.model.scope import Scope

PEOPLE: dict[str, dict[str, object]] = {
    "a": {"source": "fair"},
    "by-a": {},
    "by-staff": {},
    "by-unknown": {},
    "by-both": {},
    "says-so": {"source": "customer referral"},
    "silent": {"source": " unknown "},
    "staff": {"role": "staff", "source": "fair"},
    "unknown": {"role": "no such role", "source": "fair"},
}
ARCS = [
    ("a", "by-a"),
    ("staff", "by-staff"),
    ("unknown", "by-unknown"),
    ("a", "by-both"),
    ("unknown", "by-both"),
]


def build() -> Graph:
    people = {id: {"status": "closed", **columns} for id, columns in PEOPLE.items()}
    return build_graph(company(people, ARCS), Scope())


def test_source_is_unknown_without_a_source_and_without_a_referral_that_is_sure() -> None:
    graph = build()
    found = graph.parties["id"].filter(has_unknown_source(graph)).to_list()
    assert found == ["by-unknown", "silent"]


def test_party_is_referred_by_a_referral_of_the_kinds_or_by_its_source() -> None:
    graph = build()
    ids = graph.parties["id"]
    by_customers = ids.filter(is_referred(graph, ("customer",))).to_list()
    assert by_customers == ["by-a", "by-both", "says-so"]
    with_staff = ids.filter(is_referred(graph, ("customer", "staff"))).to_list()
    assert with_staff == ["by-a", "by-both", "by-staff", "says-so"]
