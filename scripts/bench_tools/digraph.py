"""A network that is no forest: weak components, core numbers, and betweenness from 64 sources."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench_tools import components, peers
from bench_tools.checks import smallest_member
from bench_tools.graphs import Case
from bench_tools.timing import Operation, Tool
from refgraph.kernels import core, weak
from refgraph.kernels.adjacency import simple, undirected
from refgraph.kernels.brandes import dependencies

SOURCES = 64
ARCS = ("digraph",)
PYTHONIC = 100_000
LARGEST = 1_000_000
"""Parties of the largest digraph; it has ten times as many arcs."""


def _weak(case: Case) -> Any:
    return weak.components(case.n, *case.arcs)


def _label(_: Any, answer: Any) -> Any:
    return (smallest_member(answer),)


def _least(tool: Tool) -> Tool:
    """A peer that keeps its objects in Python is spared ten million arcs."""
    from dataclasses import replace

    return replace(tool, most=PYTHONIC) if tool.name in ("networkx", "rustworkx") else tool


def _core(state: Any) -> Any:
    ptr, dst = state
    degree = np.diff(ptr).astype(np.int32)
    core._peel(ptr, dst, degree, np.empty(len(degree), np.int32), np.empty(len(degree), np.int32))
    return (degree,)


def _edges(case: Case) -> tuple[Any, Any]:
    """Each pair of neighbours once, the smaller first."""
    source, target = (end.astype(np.int64) for end in case.arcs)
    code = np.unique(np.minimum(source, target) * case.n + np.maximum(source, target))
    return code // case.n, code % case.n


def _networkit_edges(case: Case) -> Any:
    import networkit

    u, v = (end.astype(np.uint64) for end in _edges(case))
    return networkit.GraphFromCoo((u, v), n=case.n)


def _networkit_core(graph: Any) -> Any:
    import networkit

    return networkit.centrality.CoreDecomposition(graph).run()


def _igraph_edges(case: Case) -> Any:
    import igraph

    return igraph.Graph(n=case.n, edges=np.stack(_edges(case), axis=1))


def _networkx_edges(case: Case) -> Any:
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(range(case.n))
    graph.add_edges_from(zip(*(end.tolist() for end in _edges(case)), strict=True))
    return graph


def _networkx_core(graph: Any) -> Any:
    import networkx

    return networkx.core_number(graph)


def _numbers(_: Any, answer: Any) -> Any:
    return (np.asarray(answer, np.int64),)


def _of_mapping(state: Any, answer: Any) -> Any:
    return (np.array([answer[v] for v in range(len(state))]),)


def sources(case: Case) -> Any:
    """Whom the searches start from."""
    return np.sort(np.random.default_rng(64).permutation(case.n)[:SOURCES]).astype(np.int32)


def _between_build(case: Case) -> Any:
    ptr, dst = simple(case.n, *case.arcs)
    return ptr, dst, sources(case)


def _between(state: Any) -> Any:
    ptr, dst, starts = state
    return (dependencies(ptr, dst, starts, len(starts) * (len(dst) + len(ptr)))[0],)


def _networkx_between(state: Any) -> Any:
    import networkx

    graph, starts = state
    return networkx.betweenness_centrality_subset(graph, starts.tolist(), list(graph))


WEAK = Operation("weak components of a digraph", (
    Tool("refgraph", lambda case: case, _weak, _label, "union-find"), *map(_least, components.OTHERS),
), ARCS, most=LARGEST)  # fmt: skip
CORE = Operation("k-core of a digraph", (
    Tool("refgraph", lambda case: undirected(case.n, *case.arcs), _core, how="level by level"),
    Tool("networkit", _networkit_edges, _networkit_core, lambda _, answer: _numbers(_, answer.scores()), "CoreDecomposition"),
    Tool("igraph", _igraph_edges, lambda graph: graph.coreness(), _numbers, "coreness"),
    Tool("networkx", _networkx_edges, _networkx_core, _of_mapping, "core_number", PYTHONIC),
), ARCS, most=LARGEST)  # fmt: skip
BETWEEN = Operation("betweenness from 64 sources", (
    Tool("refgraph", _between_build, _between, how="Brandes"),
    Tool("igraph", lambda case: (peers.igraph_graph(case), sources(case).tolist()),
         lambda state: state[0].betweenness(sources=state[1]), lambda _, answer: (np.asarray(answer),), "betweenness"),
    Tool("networkx", lambda case: (peers.networkx_graph(case), sources(case)), _networkx_between,
         lambda state, answer: _of_mapping(state[0], answer), "betweenness_centrality_subset", 1_000),
), ARCS, most=LARGEST)  # fmt: skip
OPERATIONS = (WEAK, CORE, BETWEEN)
