"""Questions that Neo4j can answer itself: in Cypher, and by open GDS with its projection, beside reading and one pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bench_tools import server
from bench_tools.checks import smallest_member
from bench_tools.graphs import Case
from bench_tools.pagerank import DAMPING
from bench_tools.timing import Operation, Tool
from refgraph.kernels import passes
from refgraph.kernels.pagerank import forest_pagerank
from refgraph.model.scope import Scope

PART = 15_000
"""Answers a list."""
LISTS = "WITH toInteger(rand() * $parts) AS g, id, found WITH g, collect(id) AS ids, collect(found) AS found RETURN ids, found"
DEPTH = ("MATCH (r:Customer) WHERE NOT EXISTS { (:Customer)-[:REFERRED]->(r) } MATCH p = (r)-[:REFERRED*0..]->(c:Customer) "
         f"WITH c.id AS id, length(p) AS found {LISTS}")  # fmt: skip
BELOW = f"MATCH (a:Customer)-[:REFERRED*0..]->(b:Customer) WITH a, count(b) - 1 AS found WITH a.id AS id, found {LISTS}"
RANK = ("CALL gds.pageRank.stream('bench', {dampingFactor: 0.85, maxIterations: 1000, tolerance: 1e-13}) YIELD nodeId, score "
        f"WITH gds.util.asNode(nodeId).id AS id, score AS found {LISTS}")  # fmt: skip
PARTS = ("CALL gds.wcc.stream('bench') YIELD nodeId, componentId "
         f"WITH gds.util.asNode(nodeId).id AS id, componentId AS found {LISTS}")  # fmt: skip
DROP = "CALL gds.graph.drop('bench', false) YIELD graphName RETURN graphName"
PROJECT = "CALL gds.graph.project('bench', 'Customer', {REFERRED: {orientation: $way}}) YIELD nodeCount RETURN nodeCount"
VOTES, ARCS = "REVERSE", "NATURAL"
"""Which way the arcs of a projection lead: votes go from the referred to the referrer."""
State = tuple[Case, str]
Pairs = list[tuple[list[str], list[Any]]]


def _held(case: Case) -> State:
    """The server holds the case, loaded by refgraph."""
    return case, str(server.hold(case).env_file)


def _ours(question: Callable[[Any], Any]) -> Callable[[State], Any]:
    """Read the graph, ask of its forest, and bring the answer from places to positions."""

    def run(state: State) -> Any:
        forest = server.engine(state[1]).graph(Scope()).forest
        return (forest.scatter(question(forest)),)

    return run


def _asked(statement: str) -> Callable[[State], Pairs]:
    """Ask on a fresh connection; lists come back, never rows."""

    def run(state: State) -> Pairs:
        with server.reach(state[1]) as driver:
            return server.ask(driver, statement, parts=state[0].n // PART + 1)

    return run


def _project(state: State, way: str) -> None:
    with server.reach(state[1]) as driver:
        server.ask(driver, DROP)
        server.ask(driver, PROJECT, way=way)


def _projected(way: str) -> Callable[[Case], State]:
    """What is built is the projection, its time stands under `build`."""

    def build(case: Case) -> State:
        state = _held(case)
        _project(state, way)
        return state

    return build


def _both(way: str, statement: str) -> Callable[[State], Pairs]:
    """Projection and question."""

    def run(state: State) -> Pairs:
        _project(state, way)
        return _asked(statement)(state)

    return run


def _sorted(_: Any, pairs: Pairs) -> Any:
    """The answers by position, which is the number in the id."""
    at = np.concatenate([np.array([int(i[1:]) for i in ids], np.int64) for ids, _ in pairs])
    found = np.concatenate([np.asarray(values) for _, values in pairs])
    out = np.empty_like(found)
    out[at] = found
    return (out,)


def _shares(state: Any, pairs: Pairs) -> Any:
    """Scores of GDS add up to anything, since nothing comes back from those who vote for nobody: the same but for a factor."""
    (scores,) = _sorted(state, pairs)
    return (scores / scores.sum(),)


def _parts(state: Any, pairs: Pairs) -> Any:
    return (smallest_member(_sorted(state, pairs)[0]),)


def _our_parts(_: Any, answer: Any) -> Any:
    return (smallest_member(answer[0]),)


def _gds(what: str, way: str, statement: str, arrays: Callable[[Any, Any], Any]) -> tuple[Tool, Tool]:
    return (Tool("neo4j", _held, _both(way, statement), arrays, f"open GDS {what}, projection included"),
            Tool("neo4j", _projected(way), _asked(statement), arrays, f"open GDS {what}, once projected"))  # fmt: skip


MOST = 1_000_000
DEPTHS = Operation("depth from Neo4j", (
    Tool("refgraph", _held, _ours(lambda forest: forest.depth), how="read, one pass"),
    Tool("neo4j", _held, _asked(DEPTH), _sorted, "Cypher"),
), most=MOST, lacking=server.lacking)  # fmt: skip
DESCENDANTS = Operation("descendants from Neo4j", (
    Tool("refgraph", _held, _ours(lambda forest: forest.size - 1), how="read, one pass"),
    Tool("neo4j", _held, _asked(BELOW), _sorted, "Cypher"),
), most=MOST, lacking=server.lacking)  # fmt: skip
RANKS = Operation("PageRank from Neo4j", (
    Tool("refgraph", _held, _ours(lambda forest: forest_pagerank(forest.place_parent, DAMPING)), how="read, one pass"),
    *_gds("pageRank", VOTES, RANK, _shares),
), tolerance=1e-6, most=MOST, lacking=server.lacking)  # fmt: skip
COMPONENTS = Operation("components from Neo4j", (
    Tool("refgraph", _held, _ours(lambda forest: forest.order[passes.roots(forest.place_parent)]), _our_parts, "read, one pass"),
    *_gds("wcc", ARCS, PARTS, _parts),
), most=MOST, lacking=server.lacking)  # fmt: skip
OPERATIONS = (DEPTHS, DESCENDANTS, RANKS, COMPONENTS)
