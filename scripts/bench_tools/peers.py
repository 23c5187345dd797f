"""The graph objects of other libraries, and helpers of several operations; all untimed."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench_tools.graphs import Case

MAX_PYTHON_PEER = 1_000_000


def reverse_arcs(case: Case) -> tuple[Any, Any]:
    """(from, to) of the votes: from the referred to the referrer."""
    source, target = case.arcs
    return target, source


def build_networkx(case: Case, votes: bool = False) -> Any:
    """A networkx.DiGraph with nodes in order; with ``votes`` the arcs reversed."""
    import networkx

    graph = networkx.DiGraph()
    graph.add_nodes_from(range(case.n))
    source, target = reverse_arcs(case) if votes else case.arcs
    graph.add_edges_from(zip(source.tolist(), target.tolist(), strict=True))
    return graph


def build_igraph(case: Case, votes: bool = False) -> Any:
    """An igraph.Graph, directed."""
    import igraph

    pair = reverse_arcs(case) if votes else case.arcs
    return igraph.Graph(n=case.n, edges=np.stack(pair, axis=1), directed=True)


def build_networkit(case: Case, votes: bool = False, directed: bool = True) -> Any:
    """A networkit.Graph."""
    import networkit

    source, target = (end.astype(np.uint64) for end in (reverse_arcs(case) if votes else case.arcs))
    return networkit.GraphFromCoo((source, target), n=case.n, directed=directed)


def build_rustworkx(case: Case, votes: bool = False) -> Any:
    """A rustworkx.PyDiGraph without payload."""
    import rustworkx

    graph = rustworkx.PyDiGraph(multigraph=False)
    graph.add_nodes_from([None] * case.n)
    source, target = reverse_arcs(case) if votes else case.arcs
    graph.add_edges_from_no_data(list(zip(source.tolist(), target.tolist(), strict=True)))
    return graph


def build_matrix(case: Case, votes: bool = False) -> Any:
    """A scipy.sparse.csr_array of ones, row = from, column = to."""
    from scipy.sparse import coo_array

    pair = reverse_arcs(case) if votes else case.arcs
    return coo_array((np.ones(len(pair[0])), pair), shape=(case.n, case.n)).tocsr()


def build_rooted_matrix(case: Case) -> Any:
    """The forest with one more node, n, above all roots: scipy's searches need a single start."""
    from scipy.sparse import coo_array

    above = np.where(case.parent >= 0, case.parent, case.n)
    return coo_array(
        (np.ones(case.n), (above, np.arange(case.n))), shape=(case.n + 1, case.n + 1)
    ).tocsr()


def find_roots(case: Case) -> np.ndarray[Any, Any]:
    """The positions of the roots."""
    return np.flatnonzero(case.parent < 0)


def group_children(case: Case) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """(pointers, children) of each party, by position: numpy's adjacency."""
    child = case.child
    order = np.argsort(case.parent[child], kind="stable")
    counts = np.bincount(case.parent[child], minlength=case.n)
    return np.concatenate([[0], np.cumsum(counts)]), child[order]


def list_generations(case: Case) -> list[np.ndarray[Any, Any]]:
    """The generations from the roots down, siblings together: the layout for numpy."""
    pointers, child = group_children(case)
    generations, generation = [], find_roots(case)
    while len(generation):
        generations.append(generation)
        generation = child[expand_ranges(pointers[generation], pointers[generation + 1])]
    return generations


def expand_ranges(start: Any, end: Any) -> Any:
    """The numbers of all half-open ranges, one after another."""
    length = end - start
    at = np.repeat(start - np.concatenate([[0], np.cumsum(length)[:-1]]), length)
    return at + np.arange(len(at))
