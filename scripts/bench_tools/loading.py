"""Loading into Neo4j: refgraph against a plain loop of the driver with the same batches.

Each run has a process of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from bench_tools import files, graphs, server
from bench_tools.graphs import Case
from bench_tools.timing import Operation, Tool

CREATE_CONSTRAINT = (
    "CREATE CONSTRAINT refgraph_Customer_id IF NOT EXISTS FOR (n:Customer) REQUIRE n.id IS UNIQUE"
)
WRITE_ROWS = (
    "UNWIND $rows AS r MERGE (c:Customer {id: r.id}) "
    "SET c.revenue = r.revenue SET c.line = r.line RETURN count(c) AS n",
    "UNWIND $rows AS r MATCH (a:Customer {id: r.referrer}) "
    "MATCH (b:Customer {id: r.referred}) MERGE (a)-[e:REFERRED]->(b) "
    "SET e.line = r.line RETURN count(e) AS n",
)
WRITE_COLUMNS = (
    "UNWIND range(0, size($rows.id) - 1) AS i MERGE (c:Customer {id: $rows.id[i]}) "
    "SET c.revenue = $rows.revenue[i] "
    "SET c.line = $rows.line[i] RETURN count(c) AS n",
    "UNWIND range(0, size($rows.referrer) - 1) AS i MATCH (a:Customer {id: $rows.referrer[i]}) "
    "MATCH (b:Customer {id: $rows.referred[i]}) MERGE (a)-[e:REFERRED]->(b) "
    "SET e.line = $rows.line[i] RETURN count(e) AS n",
)
"""The same columns as refgraph writes, the line of each row among them; handed over as a list of
maps, and as a map of lists.
"""


def _parse_state(state: str) -> tuple[Case, str]:
    shape, n, env_file = state.split(maxsplit=2)
    return graphs.make_case(shape, int(n)), env_file


@contextmanager
def empty_server(case: Case) -> Iterator[str]:
    """A server that has loaded before; every run starts with an empty database."""
    env_file = str(server.get_running_server().env_file)
    server.load_case(graphs.make_case("random", min(case.n, server.BATCH)))
    try:
        yield f"{case.shape} {case.n} {env_file}"
    finally:
        server.clear_database()


def _prepare_refgraph(state: str) -> Any:
    """Data in memory, an empty server, libraries loaded."""
    import neo4j  # noqa: F401

    case, env_file = _parse_state(state)
    with server.open_driver(env_file) as driver:
        server.run_statement(driver, server.WIPE)
    server.open_engine(env_file)
    return server.to_dataset(case), env_file


def _prepare_bare_driver(state: str) -> Any:
    case, env_file = _parse_state(state)
    driver = server.open_driver(env_file)
    server.run_statement(driver, server.WIPE)
    return [frame.with_row_index("line", 1) for frame in files.make_frames(case)], driver


def _run_refgraph(ready: Any) -> Any:
    server.load_dataset(*ready)
    return None


def _run_loop(ready: Any, statements: tuple[str, str], rows: Any) -> Any:
    """Batch after batch in managed transactions with one writer: the quickest usual way."""
    tables, driver = ready
    server.run_statement(driver, CREATE_CONSTRAINT)
    server.run_statement(driver, "CALL db.awaitIndexes(60)")
    with driver.session(database="neo4j") as session:
        for frame, statement in zip(tables, statements, strict=True):
            for at in range(0, frame.height, server.BATCH):
                batch = rows(frame.slice(at, server.BATCH))
                session.execute_write(lambda tx, s=statement, b=batch: tx.run(s, rows=b).consume())
    return None


def _run_by_row(ready: Any) -> Any:
    return _run_loop(ready, WRITE_ROWS, lambda frame: frame.to_dicts())


def _run_by_column(ready: Any) -> Any:
    return _run_loop(
        ready, WRITE_COLUMNS, lambda frame: {c: frame[c].to_list() for c in frame.columns}
    )


def _read_totals(ready: Any, _: Any) -> Any:
    """What the database holds afterwards: customers, referrals and total revenue."""
    driver = ready[1] if not isinstance(ready[1], str) else server.open_driver(ready[1])
    (nodes, revenue), (arcs, _) = (
        server.run_statement(driver, f"MATCH {what} RETURN count(*), sum({number})")[0]
        for what, number in (
            ("(c:Customer)", "c.revenue"),
            ("(:Customer)-[:REFERRED]->(:Customer)", "0.0"),
        )
    )
    driver.close()
    return np.array([nodes, arcs]), np.array([revenue])


LOAD = Operation(
    "load into Neo4j",
    (
        Tool(
            "refgraph",
            lambda case: case,
            _run_refgraph,
            _read_totals,
            "with ledger and lease",
            prepare=_prepare_refgraph,
        ),
        Tool(
            "neo4j",
            lambda case: case,
            _run_by_column,
            _read_totals,
            "bare loop, maps of lists",
            prepare=_prepare_bare_driver,
        ),
        Tool(
            "neo4j",
            lambda case: case,
            _run_by_row,
            _read_totals,
            "bare loop, lists of maps",
            prepare=_prepare_bare_driver,
        ),
    ),
    most=1_000_000,
    alone=empty_server,
    lacking=server.find_missing_requirement,
)
OPERATIONS = (LOAD,)
