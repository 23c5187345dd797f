"""PageRank for referral (M39) of a digraph: votes go from the referred to the referrer."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench_tools import peers
from bench_tools.graphs import Case
from bench_tools.timing import Operation, Tool
from refgraph.kernels import pagerank

DAMPING, TOLERANCE = 0.85, 1e-10
MAX_PARTIES, PYTHON_PEER_LIMIT = 1_000_000, 100_000


def _build_votes(case: Case) -> Any:
    return pagerank.build_votes(case.n, *peers.reverse_arcs(case))


def _run_refgraph(votes: Any) -> Any:
    return (pagerank.rank_by_iteration(votes, DAMPING, TOLERANCE),)


def _run_networkit(graph: Any) -> Any:
    from networkit import centrality

    ranked = centrality.PageRank(
        graph, DAMPING, TOLERANCE, False, centrality.SinkHandling.DistributeSinks
    )
    ranked.norm = centrality.Norm.l1norm
    ranked.maxIterations = 1000
    return ranked.run()


def _run_igraph(graph: Any) -> Any:
    return graph.pagerank(damping=DAMPING)


def _run_rustworkx(graph: Any) -> Any:
    import rustworkx

    return rustworkx.pagerank(graph, DAMPING, tol=TOLERANCE / len(graph), max_iter=1000)


def _run_networkx(graph: Any) -> Any:
    import networkx

    return networkx.pagerank(graph, DAMPING, tol=TOLERANCE / len(graph), max_iter=1000)


def _normalize(_: Any, answer: Any) -> Any:
    rank = np.asarray(answer, np.float64)
    return (rank / rank.sum(),)


def _normalize_scores(state: Any, answer: Any) -> Any:
    return _normalize(state, answer.scores())


def _normalize_mapping(state: Any, answer: Any) -> Any:
    return _normalize(state, [answer[v] for v in range(len(state))])


def _with_votes(build: Any) -> Any:
    """The graph of another library, with the arcs as votes."""
    return lambda case: build(case, votes=True)


DIGRAPH = Operation(
    "PageRank of a digraph",
    (
        Tool("refgraph", _build_votes, _run_refgraph, how="scipy, power iteration"),
        Tool(
            "networkit",
            _with_votes(peers.build_networkit),
            _run_networkit,
            _normalize_scores,
            "PageRank",
        ),
        Tool("igraph", _with_votes(peers.build_igraph), _run_igraph, _normalize, "pagerank"),
        Tool(
            "rustworkx",
            _with_votes(peers.build_rustworkx),
            _run_rustworkx,
            _normalize_mapping,
            "pagerank",
            PYTHON_PEER_LIMIT,
        ),
        Tool(
            "networkx",
            _with_votes(peers.build_networkx),
            _run_networkx,
            _normalize_mapping,
            "pagerank",
            PYTHON_PEER_LIMIT,
        ),
    ),
    ("digraph",),
    1e-6,
    MAX_PARTIES,
)
OPERATIONS = (DIGRAPH,)
