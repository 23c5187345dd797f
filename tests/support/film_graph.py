"""A small graph of persons and a film that refgraph did not load."""

from __future__ import annotations

from typing import Any

from refgraph.engines.neo4j.external_graph import ExternalGraph, ReferralType
from refgraph.model.settings import Settings
from support.stores import run_cypher

KEY_IS_ID = Settings(columns={"customers.id": "key"})


def make_graph(label: str, type: str, is_reversed: bool = False, **more: Any) -> ExternalGraph:
    """A graph with one label and one type."""
    return ExternalGraph(labels=(label,), types=(ReferralType(type, is_reversed),), **more)


def create_film_graph(server: Any) -> None:
    """Three persons, two referrals from the referred to the referrer, and other things."""
    run_cypher(
        server,
        """
        CREATE (a:Person {key: 7, full: '沙钢', since: date('2020-01-02'), worth: 12.5, vip: true,
                          tags: ['x', 'y']}),
               (b:Person {key: 8, since: datetime('2021-03-04T05:06:07Z'), worth: 10}),
               (c:Person {key: 9, worth: 0.1}), (:Film)
        CREATE (b)-[:BROUGHT_BY {on: date('2021-03-01'), line: 'x'}]->(a),
               (c)-[:BROUGHT_BY]->(b), (a)-[:SAW]->(b)""",
    )
