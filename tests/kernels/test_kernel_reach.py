"""Distinct reach above forks, and the reach of a set, against networkx."""

from __future__ import annotations

from random import Random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_graphs import Arcs, arcs, both, dags, digraphs, flow, many

from refgraph.kernels.adjacency import compressed
from refgraph.kernels.compile import mode
from refgraph.kernels.reach import distinct, of_set

pytestmark = pytest.mark.filterwarnings("error")


def reached(graph: Arcs, w: np.ndarray, bound: int = 10**9) -> tuple[np.ndarray, np.ndarray]:
    ways = flow(graph)
    return both(lambda: distinct(ways.in_ptr, ways.out_ptr, ways.out_dst, w, bound))


def below(graph: Arcs) -> list[set[int]]:
    whole = nx.DiGraph()
    whole.add_nodes_from(range(graph.n))
    whole.add_edges_from(graph.pairs())
    return [nx.descendants(whole, v) for v in range(graph.n)]


@given(dags(most=16), st.randoms(use_true_random=False))
@many
def test_every_party_below_counts_once(graph: Arcs, draw: Random) -> None:
    w = np.array([draw.randrange(-5, 50) for _ in range(graph.n)], np.float64)
    number, worth = reached(graph, w)
    assert number.dtype == np.int64
    for v, found in enumerate(below(graph)):
        assert (number[v], worth[v]) == (len(found), sum(w[x] for x in found))


@given(dags(most=16), st.integers(0, 30))
@many
def test_beyond_the_bound_an_answer_is_missing_never_wrong(graph: Arcs, bound: int) -> None:
    number, worth = reached(graph, np.ones(graph.n), bound)
    for v, found in enumerate(below(graph)):
        assert number[v] in (-1, len(found)) and np.isnan(worth[v]) == (number[v] == -1)
        if graph.n > 1 and max(np.bincount(graph.target, minlength=1)) <= 1:
            assert number[v] == len(found)


def test_a_bound_of_nothing_leaves_what_lies_above_a_meeting_empty() -> None:
    """0 brought 1 and 2, who both brought 3; 4 brought 0; 5 brought 6."""
    graph = arcs(7, [(0, 1), (0, 2), (1, 3), (2, 3), (4, 0), (5, 6)])
    number, worth = reached(graph, np.ones(7), 0)
    assert number.tolist() == [-1, 1, 1, 0, -1, 1, 0]
    assert np.isnan(worth).tolist() == [True, False, False, False, True, False, False]
    assert reached(graph, np.ones(7), 4)[0].tolist() == [3, 1, 1, 0, 4, 1, 0]


def test_a_long_line_above_a_meeting_needs_no_search() -> None:
    n = 100_000
    line = [(k, k + 1) for k in range(n - 4)]
    graph = arcs(n, [*line, (n - 4, n - 3), (n - 4, n - 2), (n - 3, n - 1), (n - 2, n - 1)])
    ways = flow(graph)
    with mode("compiled"):
        number, worth = distinct(ways.in_ptr, ways.out_ptr, ways.out_dst, np.full(n, 2.0), bound=4)
    assert (number[:-3] == np.arange(n - 1, 2, -1)).all() and (worth == 2.0 * number).all()


def test_ways_without_number_do_not_overflow() -> None:
    """A ladder of eighty diamonds has 2^80 ways from top to bottom."""
    pairs = []
    for k in range(0, 240, 3):
        pairs += [(k, k + 1), (k, k + 2), (k + 1, k + 3), (k + 2, k + 3)]
    number, worth = reached(arcs(241, pairs), np.ones(241))
    assert number[0] == worth[0] == 240 and number[239] == 1


def test_many_searches_are_compiled_even_where_the_arrays_are_small() -> None:
    """Plain steps are reckoned from the arcs to visit: 600 nodes each of which reaches all later ones."""
    from refgraph.kernels import reach

    n = 600
    ways = flow(arcs(n, [(u, v) for u in range(n) for v in range(u + 1, min(u + 9, n))]))
    fork, search, work = np.ones(n, np.bool_), np.ones(n, np.bool_), np.zeros(n, np.int64)
    order = np.arange(n, dtype=np.int32)
    with mode("plain"):
        reach._mark(order, np.diff(ways.in_ptr), ways.out_ptr, ways.out_dst, fork, search, work)
        assert distinct(ways.in_ptr, ways.out_ptr, ways.out_dst, np.ones(n))[0].tolist() == list(range(n - 1, -1, -1))
    assert int(work[search].sum()) > 1_000_000


@given(digraphs(most=12), st.randoms(use_true_random=False))
@many
def test_of_set_takes_the_set_along_and_bears_loops(graph: Arcs, draw: Random) -> None:
    sources = [draw.randrange(graph.n) for _ in range(draw.randint(0, 3))]
    found = both(lambda: of_set(*compressed(*graph), np.array(sources, np.int32)))
    everyone = below(graph)
    assert set(np.flatnonzero(found).tolist()) == set(sources).union(*(everyone[v] for v in sources))


def test_of_set_refuses_strangers() -> None:
    for stranger in (-1, 2):
        with pytest.raises(ValueError, match="outside"):
            of_set(*compressed(*arcs(2, [(0, 1)])), np.array([stranger], np.int32))
