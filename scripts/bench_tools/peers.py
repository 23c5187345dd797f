"""The graph objects of other libraries, and what several operations ask of them. All outside the timed region."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench_tools.graphs import Case

BIG = 1_000_000


def reversed_arcs(case: Case) -> tuple[Any, Any]:
    """(from, to) of the votes: from the referred to the referrer."""
    source, target = case.arcs
    return target, source


def networkx_graph(case: Case, votes: bool = False) -> Any:
    """A networkx.DiGraph with nodes in order; with ``votes`` the arcs reversed."""
    import networkx

    graph = networkx.DiGraph()
    graph.add_nodes_from(range(case.n))
    source, target = reversed_arcs(case) if votes else case.arcs
    graph.add_edges_from(zip(source.tolist(), target.tolist(), strict=True))
    return graph


def igraph_graph(case: Case, votes: bool = False) -> Any:
    """An igraph.Graph, directed."""
    import igraph

    pair = reversed_arcs(case) if votes else case.arcs
    return igraph.Graph(n=case.n, edges=np.stack(pair, axis=1), directed=True)


def networkit_graph(case: Case, votes: bool = False, directed: bool = True) -> Any:
    """A networkit.Graph."""
    import networkit

    source, target = (end.astype(np.uint64) for end in (reversed_arcs(case) if votes else case.arcs))
    return networkit.GraphFromCoo((source, target), n=case.n, directed=directed)


def rustworkx_graph(case: Case, votes: bool = False) -> Any:
    """A rustworkx.PyDiGraph without payload."""
    import rustworkx

    graph = rustworkx.PyDiGraph(multigraph=False)
    graph.add_nodes_from([None] * case.n)
    source, target = reversed_arcs(case) if votes else case.arcs
    graph.add_edges_from_no_data(list(zip(source.tolist(), target.tolist(), strict=True)))
    return graph


def matrix(case: Case, votes: bool = False) -> Any:
    """A scipy.sparse.csr_array of ones, row = from, column = to."""
    from scipy.sparse import coo_array

    pair = reversed_arcs(case) if votes else case.arcs
    return coo_array((np.ones(len(pair[0])), pair), shape=(case.n, case.n)).tocsr()


def rooted(case: Case) -> Any:
    """The forest under one more node, n, that referred all roots: scipy's searches want a single start."""
    from scipy.sparse import coo_array

    above = np.where(case.parent >= 0, case.parent, case.n)
    return coo_array((np.ones(case.n), (above, np.arange(case.n))), shape=(case.n + 1, case.n + 1)).tocsr()


def roots(case: Case) -> np.ndarray[Any, Any]:
    """The positions of the roots."""
    return np.flatnonzero(case.parent < 0)


def children(case: Case) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """(pointers, children) of each party, by position: numpy's adjacency."""
    child = case.child
    order = np.argsort(case.parent[child], kind="stable")
    counts = np.bincount(case.parent[child], minlength=case.n)
    return np.concatenate([[0], np.cumsum(counts)]), child[order]


def levels(case: Case) -> list[np.ndarray[Any, Any]]:
    """The generations from the roots down, children of one parent side by side: numpy's own layout."""
    pointers, child = children(case)
    found, now = [], roots(case)
    while len(now):
        found.append(now)
        now = child[slices(pointers[now], pointers[now + 1])]
    return found


def slices(start: Any, end: Any) -> Any:
    """The numbers of all half-open ranges, one after another."""
    length = end - start
    at = np.repeat(start - np.concatenate([[0], np.cumsum(length)[:-1]]), length)
    return at + np.arange(len(at))
