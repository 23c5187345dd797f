"""The Neo4j server of a run of the bench: started when it is first needed, with open GDS, gone at the end."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

from bench_tools import files
from bench_tools.graphs import Case
from neo4j_tools import Missing, jars
from neo4j_tools.server import Server, start

BATCH = 10_000
WIPE = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"
WARM = (
    "UNWIND range(1, 1000) AS i CREATE (:Customer {id: toString(i)})-[:REFERRED]->(:Customer {id: toString(-i)})",
    "CALL gds.graph.project('warm', 'Customer', 'REFERRED') YIELD graphName RETURN graphName",
    "CALL gds.pageRank.stream('warm') YIELD score RETURN sum(score)",
    "CALL gds.wcc.stream('warm') YIELD componentId RETURN sum(componentId)",
    "CALL gds.graph.drop('warm') YIELD graphName RETURN graphName",
    WIPE,
)
"""Asked once, so that no tool pays for the server's loading of its own classes."""
_holds: list[tuple[str, int]] = []


def lacking() -> str | None:
    """Why there is no server on this machine, in a sentence; None if there is one."""
    try:
        jars.fetch(plugins=True)
    except Missing as fault:
        return str(fault)
    return None


@cache
def running() -> Server:
    """The server, with the memory that 1,000,000 parties want."""
    home = Path(tempfile.mkdtemp(prefix="refgraph-bench-"))
    server = start(home, heap="2g", page_cache="1g", plugins=True, tied=True)
    ending = ExitStack()
    ending.callback(shutil.rmtree, home, ignore_errors=True)
    ending.callback(server.stop)
    atexit.register(ending.close)
    with server.driver() as driver:
        for statement in WARM:
            ask(driver, statement)
    return server


def reach(env_file: str | Path) -> Any:
    """A driver for the server whose variables stand in a file; nothing of them is in an argument list."""
    from neo4j import GraphDatabase

    given = dict(line.split("=", 1) for line in Path(env_file).read_text().splitlines())
    return GraphDatabase.driver(given["NEO4J_URI"], auth=(given["NEO4J_USERNAME"], given["NEO4J_PASSWORD"]))


def ask(driver: Any, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """All rows of a statement in a transaction of its own."""
    with driver.session(database="neo4j", fetch_size=-1) as session:
        return [tuple(record.values()) for record in session.run(statement, parameters)]


def empty() -> None:
    """Take out all that the server holds."""
    with running().driver() as driver:
        ask(driver, "CALL gds.graph.list() YIELD graphName CALL gds.graph.drop(graphName) YIELD graphName AS gone RETURN gone")
        ask(driver, WIPE)
    _holds.clear()


def hold(case: Case) -> Server:
    """The server with a case in it, loaded by refgraph unless it is there already."""
    if _holds != [(case.shape, case.n)]:
        empty()
        load(tables(case), str(running().env_file))
        _holds.append((case.shape, case.n))
    return running()


def tables(case: Case) -> Any:
    """The case as refgraph's Dataset."""
    import refgraph

    customers, referrals = files.frames(case)
    return refgraph.read(customers=customers, referrals=referrals)


def load(data: Any, env_file: str) -> None:
    """By refgraph, as its command does."""
    from refgraph.flow.databases import store
    from refgraph.flow.keeping import answers
    from refgraph.flow.reading import Connection

    target = store("neo4j://", Connection(env_file=env_file))
    try:
        target.load(data, source="bench", keep=answers)
    finally:
        target.close()


def engine(env_file: str, snapshot: bool = False, whole: bool = True) -> Any:
    """refgraph's engine for the server, in a process of its own as the command line is; whole: it computes every answer."""
    from refgraph import flow, lean
    from refgraph.flow.reading import Connection, Reading

    lean.own()
    return flow.open_source("neo4j://", Reading(connection=Connection(env_file=env_file, snapshot=snapshot, whole=whole)))
