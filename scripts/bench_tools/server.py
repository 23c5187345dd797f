"""The Neo4j server of the bench, with open GDS.

It is started when it is first needed and removed at the end.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

from neo4j_tools import MissingDependency, jars
from neo4j_tools.server import Server, start_server

from bench_tools import files
from bench_tools.graphs import Case

BATCH = 10_000
WIPE = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"
WARM_UP = (
    "UNWIND range(1, 1000) AS i "
    "CREATE (:Customer {id: toString(i)})-[:REFERRED]->(:Customer {id: toString(-i)})",
    "CALL gds.graph.project('warm', 'Customer', 'REFERRED') YIELD graphName RETURN graphName",
    "CALL gds.pageRank.stream('warm') YIELD score RETURN sum(score)",
    "CALL gds.wcc.stream('warm') YIELD componentId RETURN sum(componentId)",
    "CALL gds.graph.drop('warm') YIELD graphName RETURN graphName",
    WIPE,
)
"""Asked once, so that no tool pays for the server's loading of its own classes."""
_loaded_cases: list[tuple[str, int]] = []


def find_missing_requirement() -> str | None:
    """Why this machine has no server, as a sentence; None if it has one."""
    try:
        jars.fetch_jars(plugins=True)
    except MissingDependency as fault:
        return str(fault)
    return None


@cache
def get_running_server() -> Server:
    """The server, with enough memory for 1,000,000 parties."""
    home = Path(tempfile.mkdtemp(prefix="refgraph-bench-"))
    server = start_server(home, heap="2g", page_cache="1g", plugins=True, tied=True)
    ending = ExitStack()
    ending.callback(shutil.rmtree, home, ignore_errors=True)
    ending.callback(server.stop)
    atexit.register(ending.close)
    with server.driver() as driver:
        for statement in WARM_UP:
            run_statement(driver, statement)
    return server


def open_driver(env_file: str | Path) -> Any:
    """A driver for the server; its credentials come from a file, not from an argument list."""
    from neo4j import GraphDatabase

    given = dict(line.split("=", 1) for line in Path(env_file).read_text().splitlines())
    return GraphDatabase.driver(
        given["NEO4J_URI"], auth=(given["NEO4J_USERNAME"], given["NEO4J_PASSWORD"])
    )


def run_statement(driver: Any, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """All rows of a statement in a transaction of its own."""
    with driver.session(database="neo4j", fetch_size=-1) as session:
        return [tuple(record.values()) for record in session.run(statement, parameters)]


def clear_database() -> None:
    """Delete everything in the database."""
    with get_running_server().driver() as driver:
        run_statement(
            driver,
            "CALL gds.graph.list() YIELD graphName "
            "CALL gds.graph.drop(graphName) YIELD graphName AS gone RETURN gone",
        )
        run_statement(driver, WIPE)
    _loaded_cases.clear()


def load_case(case: Case) -> Server:
    """The server with a case in it; refgraph loads the case unless it is there already."""
    if _loaded_cases != [(case.shape, case.n)]:
        clear_database()
        load_dataset(to_dataset(case), str(get_running_server().env_file))
        _loaded_cases.append((case.shape, case.n))
    return get_running_server()


def to_dataset(case: Case) -> Any:
    """The case as refgraph's Dataset."""
    import refgraph

    customers, referrals = files.make_frames(case)
    return refgraph.read(customers=customers, referrals=referrals)


def load_dataset(data: Any, env_file: str) -> None:
    """Load a Dataset as the command `load` does."""
    from refgraph.pipeline.databases import open_store
    from refgraph.pipeline.options import Connection
    from refgraph.pipeline.stored_answers import compute_stored_answers

    target = open_store("neo4j://", Connection(env_file=env_file))
    try:
        target.load(data, source="bench", compute_answers=compute_stored_answers)
    finally:
        target.close()


def open_engine(env_file: str, snapshot: bool = False, compute_all: bool = True) -> Any:
    """refgraph's engine for the server.

    compute_all: whether it computes every answer instead of using stored ones.
    """
    from refgraph import pipeline
    from refgraph.pipeline.options import Connection, SourceOptions

    return pipeline.open_source(
        "neo4j://",
        SourceOptions(
            connection=Connection(env_file=env_file, snapshot=snapshot, compute_all=compute_all)
        ),
    )
