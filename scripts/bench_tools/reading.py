"""Reading from Neo4j: refgraph against plain lists of the driver, and against its own files.

Each run has a process of its own.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from bench_tools import files, graphs, server
from bench_tools.graphs import Case
from bench_tools.timing import Operation, Tool

LIST_QUERIES = (
    "MATCH (c:Customer) WITH toInteger(rand() * $parts) AS g, "
    "collect(c.id) AS id, collect(coalesce(c.revenue, 0.0)) AS revenue, "
    "collect(c.line) AS line RETURN id, revenue, line",
    "MATCH (a:Customer)-[r:REFERRED]->(b:Customer) WITH toInteger(rand() * $parts) AS g, "
    "collect(a.id) AS a, collect(b.id) AS b, "
    "collect(r.line) AS line RETURN a, b, line",
)
"""The same columns as refgraph reads: what it was loaded with, and the line of each row."""
CHUNK_SIZE = 15_000
"""Entries of a list: what travels best."""
WARM_UP_PARTIES = 100_000
"""Parties from which every kernel is compiled."""


@contextmanager
def fill_server(case: Case) -> Iterator[str]:
    """A server that holds the case; yields the file with its environment variables."""
    yield str(server.load_case(case).env_file)


@contextmanager
def fill_server_and_files(case: Case) -> Iterator[str]:
    """A server that holds the case, the case as CSV, and a fresh snapshot of it."""
    from refgraph.engines.neo4j import snapshots

    running = server.load_case(case)
    folder = Path(tempfile.mkdtemp(prefix="refgraph-bench-"))
    try:
        server.open_engine(str(running.env_file), snapshot=True).dataset()
        yield f"{files.write_folder(case, folder)}\n{running.env_file}"
    finally:
        shutil.rmtree(folder)
        for snapshot in snapshots.list_snapshots():
            if running.uri in snapshot.source:
                shutil.rmtree(snapshots.find_snapshot_folder() / snapshot.name)


def warm_up(state: str) -> str:
    """Load the libraries of both ways, and compile what they compile."""
    import neo4j  # noqa: F401

    import refgraph

    server.open_engine(state)
    refgraph.run("recommenders", server.to_dataset(graphs.make_case("random", WARM_UP_PARTIES)))
    return state


def _read_graph(env_file: str) -> Any:
    from refgraph.model.scope import Scope

    graph = server.open_engine(env_file).graph(Scope())
    return graph.parties.height, graph.arcs.height, graph.parties["revenue"].sum()


def _read_lists(env_file: str) -> list[list[tuple[Any, ...]]]:
    with server.open_driver(env_file) as driver:
        nodes = server.run_statement(driver, "MATCH (c:Customer) RETURN count(c)")[0][0]
        return [
            server.run_statement(driver, text, parts=nodes // CHUNK_SIZE + 1)
            for text in LIST_QUERIES
        ]


def _read_list_totals(env_file: str) -> Any:
    customers, referrals = _read_lists(env_file)
    return (
        sum(len(a) for a, *_ in customers),
        sum(len(a) for a, *_ in referrals),
        sum(sum(b) for _, b, _ in customers),
    )


def _to_totals(_: Any, answer: Any) -> Any:
    return np.array(answer[:2]), np.array([answer[2]])


def _run_recommenders(engine: Any) -> Any:
    from refgraph import pipeline

    return pipeline.run(engine, "recommenders")


def _run_from_server(env_file: str) -> Any:
    return _run_recommenders(server.open_engine(env_file))


def _run_by_hand(env_file: str) -> Any:
    """Lists from the database, frames of them, then refgraph offline."""
    import polars as pl

    import refgraph

    names = ("id", "revenue"), ("referrer", "referred")
    customers, referrals = (
        pl.concat(pl.DataFrame(dict(zip(columns, page[:2], strict=True))) for page in pages)
        for columns, pages in zip(names, _read_lists(env_file), strict=True)
    )
    return refgraph.run("recommenders", refgraph.read(customers=customers, referrals=referrals))


def _run_from_snapshot(state: str) -> Any:
    return _run_recommenders(server.open_engine(state.split("\n")[1], snapshot=True))


def _run_from_csv(state: str) -> Any:
    from refgraph import pipeline

    return _run_recommenders(pipeline.open_source(state.split("\n")[0]))


def _to_ranking(_: Any, answer: Any) -> Any:
    """The number in each id and all figures, in the order of the ranking."""
    frame = answer.frame
    numbers = [
        frame[c].fill_null(-1).to_numpy() for c in frame.columns if frame[c].dtype.is_numeric()
    ]
    return (frame["customer"].str.slice(1).cast(int).to_numpy(), *numbers)


MAX_PARTIES = 1_000_000
READ = Operation(
    "read from Neo4j",
    (
        Tool(
            "refgraph",
            lambda case: case,
            _read_graph,
            _to_totals,
            "checked, into a Graph",
            prepare=warm_up,
        ),
        Tool(
            "neo4j",
            lambda case: case,
            _read_list_totals,
            _to_totals,
            "bare lists",
            prepare=warm_up,
        ),
    ),
    most=MAX_PARTIES,
    alone=fill_server,
    lacking=server.find_missing_requirement,
)
ASK = Operation(
    "recommenders from Neo4j",
    (
        Tool(
            "refgraph",
            lambda case: case,
            _run_from_server,
            _to_ranking,
            "whole journey",
            prepare=warm_up,
        ),
        Tool(
            "neo4j",
            lambda case: case,
            _run_by_hand,
            _to_ranking,
            "bare lists, then refgraph offline",
            prepare=warm_up,
        ),
    ),
    most=MAX_PARTIES,
    alone=fill_server,
    lacking=server.find_missing_requirement,
)
FROM_SNAPSHOT = Operation(
    "recommenders from a snapshot",
    (
        Tool(
            "refgraph",
            lambda case: case,
            _run_from_snapshot,
            _to_ranking,
            "fresh snapshot of Neo4j",
        ),
        Tool("refgraph", lambda case: case, _run_from_csv, _to_ranking, "CSV"),
    ),
    most=MAX_PARTIES,
    alone=fill_server_and_files,
    lacking=server.find_missing_requirement,
)
OPERATIONS = (READ, ASK, FROM_SNAPSHOT)
