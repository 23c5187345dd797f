"""Into Neo4j: refgraph beside a bare loop of the driver with the same batches, each run in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from bench_tools import files, graphs, server
from bench_tools.graphs import Case
from bench_tools.timing import Operation, Tool

KEY = "CREATE CONSTRAINT refgraph_Customer_id IF NOT EXISTS FOR (n:Customer) REQUIRE n.id IS UNIQUE"
ROWS = (
    "UNWIND $rows AS r MERGE (c:Customer {id: r.id}) SET c.revenue = r.revenue SET c.line = r.line RETURN count(c) AS n",
    "UNWIND $rows AS r MATCH (a:Customer {id: r.referrer}) MATCH (b:Customer {id: r.referred}) MERGE (a)-[e:REFERRED]->(b) "
    "SET e.line = r.line RETURN count(e) AS n",
)
COLUMNS = (
    "UNWIND range(0, size($rows.id) - 1) AS i MERGE (c:Customer {id: $rows.id[i]}) SET c.revenue = $rows.revenue[i] "
    "SET c.line = $rows.line[i] RETURN count(c) AS n",
    "UNWIND range(0, size($rows.referrer) - 1) AS i MATCH (a:Customer {id: $rows.referrer[i]}) "
    "MATCH (b:Customer {id: $rows.referred[i]}) MERGE (a)-[e:REFERRED]->(b) "
    "SET e.line = $rows.line[i] RETURN count(e) AS n",
)
"""The same columns as refgraph writes, the line of each row among them; handed over as a list of maps, and as a map of lists."""


def _case(state: str) -> tuple[Case, str]:
    shape, n, env_file = state.split(maxsplit=2)
    return graphs.make(shape, int(n)), env_file


@contextmanager
def emptied(case: Case) -> Iterator[str]:
    """A server that has loaded before; each run finds it empty."""
    env_file = str(server.running().env_file)
    server.hold(graphs.make("random", min(case.n, server.BATCH)))
    try:
        yield f"{case.shape} {case.n} {env_file}"
    finally:
        server.empty()


def _ours_ready(state: str) -> Any:
    """Data in memory, the server empty, libraries loaded."""
    import neo4j  # noqa: F401

    case, env_file = _case(state)
    with server.reach(env_file) as driver:
        server.ask(driver, server.WIPE)
    server.engine(env_file)
    return server.tables(case), env_file


def _bare_ready(state: str) -> Any:
    case, env_file = _case(state)
    driver = server.reach(env_file)
    server.ask(driver, server.WIPE)
    return [frame.with_row_index("line", 1) for frame in files.frames(case)], driver


def _load(ready: Any) -> Any:
    server.load(*ready)
    return None


def _loop(ready: Any, statements: tuple[str, str], rows: Any) -> Any:
    """Batch after batch in managed transactions, one writer: what anybody would write, in the quickest way known."""
    tables, driver = ready
    server.ask(driver, KEY)
    server.ask(driver, "CALL db.awaitIndexes(60)")
    with driver.session(database="neo4j") as session:
        for frame, statement in zip(tables, statements, strict=True):
            for at in range(0, frame.height, server.BATCH):
                batch = rows(frame.slice(at, server.BATCH))
                session.execute_write(lambda tx, s=statement, b=batch: tx.run(s, rows=b).consume())
    return None


def _by_row(ready: Any) -> Any:
    return _loop(ready, ROWS, lambda frame: frame.to_dicts())


def _by_column(ready: Any) -> Any:
    return _loop(ready, COLUMNS, lambda frame: {c: frame[c].to_list() for c in frame.columns})


def _held(ready: Any, _: Any) -> Any:
    """What stands in the database afterwards: customers, referrals, and the revenue of all."""
    driver = ready[1] if not isinstance(ready[1], str) else server.reach(ready[1])
    (nodes, revenue), (arcs, _) = (
        server.ask(driver, f"MATCH {what} RETURN count(*), sum({number})")[0]
        for what, number in (("(c:Customer)", "c.revenue"), ("(:Customer)-[:REFERRED]->(:Customer)", "0.0"))
    )
    driver.close()
    return np.array([nodes, arcs]), np.array([revenue])


LOAD = Operation("load into Neo4j", (
    Tool("refgraph", lambda case: case, _load, _held, "with ledger and lease", ready=_ours_ready),
    Tool("neo4j", lambda case: case, _by_column, _held, "bare loop, maps of lists", ready=_bare_ready),
    Tool("neo4j", lambda case: case, _by_row, _held, "bare loop, lists of maps", ready=_bare_ready),
), most=1_000_000, alone=emptied, lacking=server.lacking)  # fmt: skip
OPERATIONS = (LOAD,)
