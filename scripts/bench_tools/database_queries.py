"""Questions that Neo4j can answer itself, compared with reading the graph and one pass.

Neo4j answers in Cypher and with open GDS, whose projection is timed separately.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bench_tools import server
from bench_tools.checks import label_by_smallest
from bench_tools.graphs import Case
from bench_tools.timing import Operation, Tool
from refgraph.kernels import passes
from refgraph.model.scope import Scope

CHUNK_SIZE = 15_000
"""Answers a list."""
RETURN_LISTS = (
    "WITH toInteger(rand() * $parts) AS g, id, found "
    "WITH g, collect(id) AS ids, collect(found) AS found RETURN ids, found"
)
DEPTH_QUERY = (
    "MATCH (r:Customer) WHERE NOT EXISTS { (:Customer)-[:REFERRED]->(r) } "
    "MATCH p = (r)-[:REFERRED*0..]->(c:Customer) "
    f"WITH c.id AS id, length(p) AS found {RETURN_LISTS}"
)
DESCENDANTS_QUERY = (
    "MATCH (a:Customer)-[:REFERRED*0..]->(b:Customer) "
    f"WITH a, count(b) - 1 AS found WITH a.id AS id, found {RETURN_LISTS}"
)
COMPONENTS_QUERY = (
    "CALL gds.wcc.stream('bench') YIELD nodeId, componentId "
    f"WITH gds.util.asNode(nodeId).id AS id, componentId AS found {RETURN_LISTS}"
)
DROP_PROJECTION = "CALL gds.graph.drop('bench', false) YIELD graphName RETURN graphName"
CREATE_PROJECTION = (
    "CALL gds.graph.project('bench', 'Customer', {REFERRED: {orientation: $way}}) "
    "YIELD nodeCount RETURN nodeCount"
)
REVERSED, NATURAL = "REVERSE", "NATURAL"
"""Which way the arcs of a projection lead: votes go from the referred to the referrer."""
State = tuple[Case, str]
Pairs = list[tuple[list[str], list[Any]]]


def _load_case(case: Case) -> State:
    """Load the case into the server with refgraph."""
    return case, str(server.load_case(case).env_file)


def _run_refgraph(question: Callable[[Any], Any]) -> Callable[[State], Any]:
    """Read the graph, answer from its forest, and return the answer by position."""

    def run(state: State) -> Any:
        forest = server.open_engine(state[1]).graph(Scope()).forest
        return (forest.scatter(question(forest)),)

    return run


def _run_query(statement: str) -> Callable[[State], Pairs]:
    """Ask on a fresh connection; the answer is lists, not rows."""

    def run(state: State) -> Pairs:
        with server.open_driver(state[1]) as driver:
            return server.run_statement(driver, statement, parts=state[0].n // CHUNK_SIZE + 1)

    return run


def _project(state: State, way: str) -> None:
    with server.open_driver(state[1]) as driver:
        server.run_statement(driver, DROP_PROJECTION)
        server.run_statement(driver, CREATE_PROJECTION, way=way)


def _build_projection(way: str) -> Callable[[Case], State]:
    """Build the projection; its time is reported as `build`."""

    def build(case: Case) -> State:
        state = _load_case(case)
        _project(state, way)
        return state

    return build


def _project_and_run(way: str, statement: str) -> Callable[[State], Pairs]:
    """Build the projection and ask, both timed."""

    def run(state: State) -> Pairs:
        _project(state, way)
        return _run_query(statement)(state)

    return run


def _sort_by_id(_: Any, pairs: Pairs) -> Any:
    """The answers by position, which is the number in the id."""
    at = np.concatenate([np.array([int(i[1:]) for i in ids], np.int64) for ids, _ in pairs])
    found = np.concatenate([np.asarray(values) for _, values in pairs])
    out = np.empty_like(found)
    out[at] = found
    return (out,)


def _to_partition(state: Any, pairs: Pairs) -> Any:
    return (label_by_smallest(_sort_by_id(state, pairs)[0]),)


def _to_own_partition(_: Any, answer: Any) -> Any:
    return (label_by_smallest(answer[0]),)


def _make_gds_tools(
    what: str, way: str, statement: str, arrays: Callable[[Any, Any], Any]
) -> tuple[Tool, Tool]:
    return (
        Tool(
            "neo4j",
            _load_case,
            _project_and_run(way, statement),
            arrays,
            f"open GDS {what}, projection included",
        ),
        Tool(
            "neo4j",
            _build_projection(way),
            _run_query(statement),
            arrays,
            f"open GDS {what}, once projected",
        ),
    )


MAX_PARTIES = 1_000_000
DEPTHS = Operation(
    "depth from Neo4j",
    (
        Tool(
            "refgraph", _load_case, _run_refgraph(lambda forest: forest.depth), how="read, one pass"
        ),
        Tool("neo4j", _load_case, _run_query(DEPTH_QUERY), _sort_by_id, "Cypher"),
    ),
    most=MAX_PARTIES,
    lacking=server.find_missing_requirement,
)
DESCENDANTS = Operation(
    "descendants from Neo4j",
    (
        Tool(
            "refgraph",
            _load_case,
            _run_refgraph(lambda forest: forest.size - 1),
            how="read, one pass",
        ),
        Tool("neo4j", _load_case, _run_query(DESCENDANTS_QUERY), _sort_by_id, "Cypher"),
    ),
    most=MAX_PARTIES,
    lacking=server.find_missing_requirement,
)
COMPONENTS = Operation(
    "components from Neo4j",
    (
        Tool(
            "refgraph",
            _load_case,
            _run_refgraph(lambda forest: forest.order[passes.find_roots(forest.preorder_parent)]),
            _to_own_partition,
            "read, one pass",
        ),
        *_make_gds_tools("wcc", NATURAL, COMPONENTS_QUERY, _to_partition),
    ),
    most=MAX_PARTIES,
    lacking=server.find_missing_requirement,
)
OPERATIONS = (DEPTHS, DESCENDANTS, COMPONENTS)
