"""Out of Neo4j: refgraph beside bare lists of the driver, and beside its own files; each run in a process of its own."""

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

LISTS = (
    "MATCH (c:Customer) WITH toInteger(rand() * $parts) AS g, collect(c.id) AS id, collect(coalesce(c.revenue, 0.0)) AS revenue, "
    "collect(c.line) AS line RETURN id, revenue, line",
    "MATCH (a:Customer)-[r:REFERRED]->(b:Customer) WITH toInteger(rand() * $parts) AS g, collect(a.id) AS a, collect(b.id) AS b, "
    "collect(r.line) AS line RETURN a, b, line",
)
"""The same columns as refgraph reads: what it was loaded with, and the line of each row."""
PART = 15_000
"""Entries of a list: what travels best."""
COMPILED = 100_000
"""Parties from which every kernel is compiled."""


@contextmanager
def filled(case: Case) -> Iterator[str]:
    """A server that holds the case: the file of its variables."""
    yield str(server.hold(case).env_file)


@contextmanager
def beside_files(case: Case) -> Iterator[str]:
    """A server that holds the case, the case as CSV, and refgraph's snapshot of it, fresh."""
    from refgraph.engines.neo4j import snapshots

    held = server.hold(case)
    place = Path(tempfile.mkdtemp(prefix="refgraph-bench-"))
    try:
        server.engine(str(held.env_file), snapshot=True).dataset()
        yield f"{files.folder(case, place)}\n{held.env_file}"
    finally:
        shutil.rmtree(place)
        for kept in snapshots.listed():
            if held.uri in kept.source:
                shutil.rmtree(snapshots.folder() / kept.name)


def _warm(state: str) -> str:
    """The libraries of both ways are loaded, and what they compile is compiled."""
    import neo4j  # noqa: F401

    import refgraph

    server.engine(state)
    refgraph.run("recommenders", server.tables(graphs.make("random", COMPILED)))
    return state


def _graph(env_file: str) -> Any:
    from refgraph.model.scope import Scope

    graph = server.engine(env_file).graph(Scope())
    return graph.parties.height, graph.arcs.height, graph.parties["revenue"].sum()


def _lists(env_file: str) -> list[list[tuple[Any, ...]]]:
    with server.reach(env_file) as driver:
        nodes = server.ask(driver, "MATCH (c:Customer) RETURN count(c)")[0][0]
        return [server.ask(driver, text, parts=nodes // PART + 1) for text in LISTS]


def _listed(env_file: str) -> Any:
    customers, referrals = _lists(env_file)
    return sum(len(a) for a, *_ in customers), sum(len(a) for a, *_ in referrals), sum(sum(b) for _, b, _ in customers)


def _numbers(_: Any, answer: Any) -> Any:
    return np.array(answer[:2]), np.array([answer[2]])


FIRST = 20
"""Recommenders on a page for people."""
DIRECT = (
    "MATCH (a:Customer) WITH a.id AS id, COUNT { (a)-[:REFERRED]->() } AS direct WHERE direct > 0 "
    "RETURN id, direct ORDER BY direct DESC, id LIMIT $first"
)
REFERRED = "MATCH (c:Customer) RETURN count(c), count(CASE WHEN EXISTS { (c)<-[:REFERRED]-() } THEN 1 END)"


def _first(env_file: str) -> Any:
    from refgraph import flow

    frame = flow.run(server.engine(env_file, whole=False), "recommenders", {"by": "direct"}, rows=FIRST).top(FIRST).frame
    return frame.select("customer", "direct").rows()


def _first_by_cypher(env_file: str) -> Any:
    with server.reach(env_file) as driver:
        return server.ask(driver, DIRECT, first=FIRST)


def _ranked(_: Any, answer: Any) -> Any:
    return np.array([int(id[1:]) for id, _ in answer]), np.array([direct for _, direct in answer])


def _share(env_file: str) -> Any:
    from refgraph import flow

    return flow.run(server.engine(env_file, whole=False), "effect").frame.select("customers", "referred").row(0)


def _share_by_cypher(env_file: str) -> Any:
    with server.reach(env_file) as driver:
        return server.ask(driver, REFERRED)[0]


def _counted(_: Any, answer: Any) -> Any:
    return (np.array(answer),)


def _asked(engine: Any) -> Any:
    from refgraph import flow

    return flow.run(engine, "recommenders")


def _recommenders(env_file: str) -> Any:
    return _asked(server.engine(env_file))


def _by_hand(env_file: str) -> Any:
    """Lists out of the database, frames of them, and then refgraph offline."""
    import polars as pl

    import refgraph

    names = ("id", "revenue"), ("referrer", "referred")
    customers, referrals = (
        pl.concat(pl.DataFrame(dict(zip(columns, page[:2], strict=True))) for page in pages)
        for columns, pages in zip(names, _lists(env_file), strict=True)
    )
    return refgraph.run("recommenders", refgraph.read(customers=customers, referrals=referrals))


def _snapped(state: str) -> Any:
    return _asked(server.engine(state.split("\n")[1], snapshot=True))


def _from_csv(state: str) -> Any:
    from refgraph import flow

    return _asked(flow.open_source(state.split("\n")[0]))


def _ranking(_: Any, answer: Any) -> Any:
    """Who, as the number in the id, and every number told of them, in the order of the ranking."""
    frame = answer.frame
    numbers = [frame[c].fill_null(-1).to_numpy() for c in frame.columns if frame[c].dtype.is_numeric()]
    return (frame["customer"].str.slice(1).cast(int).to_numpy(), *numbers)


MOST = 1_000_000
READ = Operation("read from Neo4j", (
    Tool("refgraph", lambda case: case, _graph, _numbers, "checked, into a Graph", ready=_warm),
    Tool("neo4j", lambda case: case, _listed, _numbers, "bare lists", ready=_warm),
), most=MOST, alone=filled, lacking=server.lacking)  # fmt: skip
ASK = Operation("recommenders from Neo4j", (
    Tool("refgraph", lambda case: case, _recommenders, _ranking, "whole journey", ready=_warm),
    Tool("neo4j", lambda case: case, _by_hand, _ranking, "bare lists, then refgraph offline", ready=_warm),
), most=MOST, alone=filled, lacking=server.lacking)  # fmt: skip
AGAIN = Operation("recommenders from a snapshot", (
    Tool("refgraph", lambda case: case, _snapped, _ranking, "fresh snapshot of Neo4j"),
    Tool("refgraph", lambda case: case, _from_csv, _ranking, "CSV"),
), most=MOST, alone=beside_files, lacking=server.lacking)  # fmt: skip
TOP = Operation("first recommenders from Neo4j", (
    Tool("refgraph", lambda case: case, _first, _ranked, "kept by the load, all columns", ready=_warm),
    Tool("neo4j", lambda case: case, _first_by_cypher, _ranked, "Cypher, the counts alone", ready=_warm),
), most=MOST, alone=filled, lacking=server.lacking)  # fmt: skip
SHARE = Operation("referral share from Neo4j", (
    Tool("refgraph", lambda case: case, _share, _counted, "kept by the load, all columns", ready=_warm),
    Tool("neo4j", lambda case: case, _share_by_cypher, _counted, "Cypher, the counts alone", ready=_warm),
), most=MOST, alone=filled, lacking=server.lacking)  # fmt: skip
OPERATIONS = (READ, ASK, AGAIN, TOP, SHARE)
