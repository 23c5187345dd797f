"""PageRank for referral (M39): votes go from the referred to the referrer; on forests after a layout, and on a digraph."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from bench_tools import peers
from bench_tools.graphs import FORESTS, Case
from bench_tools.timing import Operation, Tool
from refgraph.kernels import forest, pagerank

DAMPING, TOLERANCE = 0.85, 1e-10
ROUNDS = math.ceil(math.log(TOLERANCE / 2.0) / math.log(DAMPING))
"""After so many the error is below the tolerance; rounding may keep an iteration from seeing it, on a star of a million."""


def _forest(laid: forest.Layout) -> Any:
    return (pagerank.forest_pagerank(laid.parent, DAMPING),)


def _by_position(laid: forest.Layout, answer: Any) -> Any:
    return (forest.scatter(answer[0], laid.order),)


def _build(case: Case) -> Any:
    source, target = peers.reversed_arcs(case)
    return pagerank._votes(case.n, source, target, None)


def _iterate(state: Any) -> Any:
    """What `pagerank` does once the arcs are grouped."""
    ptr, src, share, out = state
    with np.errstate(divide="ignore"):
        part = np.where(out > 0.0, 1.0 / out, 0.0)
    rank = pagerank._iterate(ptr, src, share, part, DAMPING, TOLERANCE)
    return (rank / rank.sum(),)


def _scipy_build(case: Case) -> Any:
    graph = peers.matrix(case, votes=True)
    out = np.asarray(graph.sum(axis=1)).reshape(-1)
    weight = np.divide(1.0, out, out=np.zeros(case.n), where=out > 0)
    graph.data *= np.repeat(weight, np.diff(graph.indptr))
    return graph.T.tocsr(), out == 0


def _scipy(state: Any) -> Any:
    """Power iteration with the same bound on the error as ours."""
    votes, dangling = state
    n = len(dangling)
    rank = np.full(n, 1.0 / n)
    for _ in range(ROUNDS):
        fresh = DAMPING * (votes @ rank) + (1.0 - DAMPING + DAMPING * rank[dangling].sum()) / n
        moved = np.abs(fresh - rank).sum()
        rank = fresh
        if moved * DAMPING <= TOLERANCE * (1.0 - DAMPING):
            break
    return (rank / rank.sum(),)


def _networkit(graph: Any) -> Any:
    from networkit import centrality

    ranked = centrality.PageRank(graph, DAMPING, TOLERANCE, False, centrality.SinkHandling.DistributeSinks)
    ranked.norm = centrality.Norm.l1norm
    ranked.maxIterations = 1000
    return ranked.run()


def _igraph(graph: Any) -> Any:
    return graph.pagerank(damping=DAMPING)


def _rustworkx(graph: Any) -> Any:
    import rustworkx

    return rustworkx.pagerank(graph, DAMPING, tol=TOLERANCE / len(graph), max_iter=1000)


def _networkx(graph: Any) -> Any:
    import networkx

    return networkx.pagerank(graph, DAMPING, tol=TOLERANCE / len(graph), max_iter=1000)


def _normal(_: Any, answer: Any) -> Any:
    rank = np.asarray(answer, np.float64)
    return (rank / rank.sum(),)


def _scores(state: Any, answer: Any) -> Any:
    return _normal(state, answer.scores())


def _mapping(state: Any, answer: Any) -> Any:
    return _normal(state, [answer[v] for v in range(len(state))])


def _peers(most: int) -> tuple[Tool, ...]:
    return (
        Tool("scipy", _scipy_build, _scipy, how="power iteration"),
        Tool("networkit", lambda case: peers.networkit_graph(case, votes=True), _networkit, _scores, "PageRank"),
        Tool("igraph", lambda case: peers.igraph_graph(case, votes=True), _igraph, _normal, "pagerank"),
        Tool("rustworkx", lambda case: peers.rustworkx_graph(case, votes=True), _rustworkx, _mapping, "pagerank", most),
        Tool("networkx", lambda case: peers.networkx_graph(case, votes=True), _networkx, _mapping, "pagerank", most),
    )


FOREST = Operation("PageRank of a forest, after layout", (
    Tool("refgraph", Case.laid, _forest, _by_position, "one pass up"), *_peers(peers.BIG),
), FORESTS, 1e-6)  # fmt: skip
DIGRAPH = Operation("PageRank of a digraph", (
    Tool("refgraph", _build, _iterate, how="pull"), *_peers(100_000),
), ("digraph",), 1e-6, 1_000_000)  # fmt: skip
OPERATIONS = (FOREST, DIGRAPH)
