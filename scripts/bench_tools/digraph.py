"""A network with cycles: weak components, core numbers, and betweenness from 64 sources."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench_tools import components, peers
from bench_tools.checks import label_by_smallest
from bench_tools.graphs import Case
from bench_tools.timing import Operation, Tool
from refgraph.kernels import core, weak_components
from refgraph.kernels.adjacency import build_simple_csr, build_undirected_csr
from refgraph.kernels.brandes import sum_dependencies

SOURCES = 64
DIGRAPH_SHAPES = ("digraph",)
PYTHON_PEER_LIMIT = 100_000
MAX_PARTIES = 1_000_000
"""Parties of the largest digraph; it has ten times as many arcs."""


def _run_weak_components(case: Case) -> Any:
    return weak_components.label_weak_components(case.n, *case.arcs)


def _to_partition(_: Any, answer: Any) -> Any:
    return (label_by_smallest(answer),)


def _limit_python_peer(tool: Tool) -> Tool:
    """A peer whose graph consists of Python objects is not run on ten million arcs."""
    from dataclasses import replace

    return replace(tool, most=PYTHON_PEER_LIMIT) if tool.name in ("networkx", "rustworkx") else tool


def _run_core(state: Any) -> Any:
    ptr, dst = state
    degree = np.diff(ptr).astype(np.int32)
    rest, queue = np.empty(len(degree), np.int32), np.empty(len(degree), np.int32)
    core._peel(ptr, dst, degree, rest, queue)
    return (degree,)


def _list_edges(case: Case) -> tuple[Any, Any]:
    """Each pair of neighbors once, the smaller first."""
    source, target = (end.astype(np.int64) for end in case.arcs)
    code = np.unique(np.minimum(source, target) * case.n + np.maximum(source, target))
    return code // case.n, code % case.n


def _build_networkit(case: Case) -> Any:
    import networkit

    u, v = (end.astype(np.uint64) for end in _list_edges(case))
    return networkit.GraphFromCoo((u, v), n=case.n)


def _run_networkit_core(graph: Any) -> Any:
    import networkit

    return networkit.centrality.CoreDecomposition(graph).run()


def _build_igraph(case: Case) -> Any:
    import igraph

    return igraph.Graph(n=case.n, edges=np.stack(_list_edges(case), axis=1))


def _build_networkx(case: Case) -> Any:
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(range(case.n))
    graph.add_edges_from(zip(*(end.tolist() for end in _list_edges(case)), strict=True))
    return graph


def _run_networkx_core(graph: Any) -> Any:
    import networkx

    return networkx.core_number(graph)


def _to_integers(_: Any, answer: Any) -> Any:
    return (np.asarray(answer, np.int64),)


def _mapping_to_array(state: Any, answer: Any) -> Any:
    return (np.array([answer[v] for v in range(len(state))]),)


def pick_sources(case: Case) -> Any:
    """The sources of the searches."""
    return np.sort(np.random.default_rng(64).permutation(case.n)[:SOURCES]).astype(np.int32)


def _build_betweenness(case: Case) -> Any:
    ptr, dst = build_simple_csr(case.n, *case.arcs)
    return ptr, dst, pick_sources(case)


def _run_betweenness(state: Any) -> Any:
    ptr, dst, starts = state
    return (sum_dependencies(ptr, dst, starts, len(starts) * (len(dst) + len(ptr)))[0],)


def _run_networkx_betweenness(state: Any) -> Any:
    import networkx

    graph, starts = state
    return networkx.betweenness_centrality_subset(graph, starts.tolist(), list(graph))


WEAK = Operation(
    "weak components of a digraph",
    (
        Tool("refgraph", lambda case: case, _run_weak_components, _to_partition, "union-find"),
        *map(_limit_python_peer, components.PEER_TOOLS),
    ),
    DIGRAPH_SHAPES,
    most=MAX_PARTIES,
)
CORE = Operation(
    "k-core of a digraph",
    (
        Tool(
            "refgraph",
            lambda case: build_undirected_csr(case.n, *case.arcs),
            _run_core,
            how="level by level",
        ),
        Tool(
            "networkit",
            _build_networkit,
            _run_networkit_core,
            lambda _, answer: _to_integers(_, answer.scores()),
            "CoreDecomposition",
        ),
        Tool("igraph", _build_igraph, lambda graph: graph.coreness(), _to_integers, "coreness"),
        Tool(
            "networkx",
            _build_networkx,
            _run_networkx_core,
            _mapping_to_array,
            "core_number",
            PYTHON_PEER_LIMIT,
        ),
    ),
    DIGRAPH_SHAPES,
    most=MAX_PARTIES,
)
BETWEEN = Operation(
    "betweenness from 64 sources",
    (
        Tool("refgraph", _build_betweenness, _run_betweenness, how="Brandes"),
        Tool(
            "igraph",
            lambda case: (peers.build_igraph(case), pick_sources(case).tolist()),
            lambda state: state[0].betweenness(sources=state[1]),
            lambda _, answer: (np.asarray(answer),),
            "betweenness",
        ),
        Tool(
            "networkx",
            lambda case: (peers.build_networkx(case), pick_sources(case)),
            _run_networkx_betweenness,
            lambda state, answer: _mapping_to_array(state[0], answer),
            "betweenness_centrality_subset",
            1_000,
        ),
    ),
    DIGRAPH_SHAPES,
    most=MAX_PARTIES,
)
OPERATIONS = (WEAK, CORE, BETWEEN)
