"""Answers that a load keeps in Neo4j: refgraph against one Cypher statement for the counts."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench_tools import server
from bench_tools.reading import MAX_PARTIES, fill_server, warm_up
from bench_tools.timing import Operation, Tool

TOP_ROWS = 20
"""Recommenders on a page for people."""
DIRECT_QUERY = (
    "MATCH (a:Customer) WITH a.id AS id, COUNT { (a)-[:REFERRED]->() } AS direct WHERE direct > 0 "
    "RETURN id, direct ORDER BY direct DESC, id LIMIT $first"
)
REFERRED_QUERY = (
    "MATCH (c:Customer) RETURN count(c), count(CASE WHEN EXISTS { (c)<-[:REFERRED]-() } THEN 1 END)"
)


def _ask_top(env_file: str) -> Any:
    from refgraph import pipeline

    frame = (
        pipeline.run(
            server.open_engine(env_file, compute_all=False),
            "recommenders",
            {"by": "direct"},
            rows=TOP_ROWS,
        )
        .head(TOP_ROWS)
        .frame
    )
    return frame.select("customer", "direct").rows()


def _ask_top_by_cypher(env_file: str) -> Any:
    with server.open_driver(env_file) as driver:
        return server.run_statement(driver, DIRECT_QUERY, first=TOP_ROWS)


def _to_top_arrays(_: Any, answer: Any) -> Any:
    return np.array([int(id[1:]) for id, _ in answer]), np.array([direct for _, direct in answer])


def _ask_share(env_file: str) -> Any:
    from refgraph import pipeline

    return (
        pipeline.run(server.open_engine(env_file, compute_all=False), "effect")
        .frame.select("customers", "referred")
        .row(0)
    )


def _ask_share_by_cypher(env_file: str) -> Any:
    with server.open_driver(env_file) as driver:
        return server.run_statement(driver, REFERRED_QUERY)[0]


def _to_counts(_: Any, answer: Any) -> Any:
    return (np.array(answer),)


TOP = Operation(
    "first recommenders from Neo4j",
    (
        Tool(
            "refgraph",
            lambda case: case,
            _ask_top,
            _to_top_arrays,
            "kept by the load, all columns",
            prepare=warm_up,
        ),
        Tool(
            "neo4j",
            lambda case: case,
            _ask_top_by_cypher,
            _to_top_arrays,
            "Cypher, the counts alone",
            prepare=warm_up,
        ),
    ),
    most=MAX_PARTIES,
    alone=fill_server,
    lacking=server.find_missing_requirement,
)
SHARE = Operation(
    "referral share from Neo4j",
    (
        Tool(
            "refgraph",
            lambda case: case,
            _ask_share,
            _to_counts,
            "kept by the load, all columns",
            prepare=warm_up,
        ),
        Tool(
            "neo4j",
            lambda case: case,
            _ask_share_by_cypher,
            _to_counts,
            "Cypher, the counts alone",
            prepare=warm_up,
        ),
    ),
    most=MAX_PARTIES,
    alone=fill_server,
    lacking=server.find_missing_requirement,
)
OPERATIONS = (TOP, SHARE)
