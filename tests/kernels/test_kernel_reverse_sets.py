"""Random reverse-reachable sets of certain arcs, against networkx; plain and compiled alike."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.kernel_graphs import Arcs, both, digraphs, few, flow

from refgraph.kernels.reverse_sets import draw_reverse_sets

pytestmark = pytest.mark.filterwarnings("error")


def draw_both_ways(graph: Arcs, chance: float, roots: list[int]) -> list[list[int]]:
    """The set of each root if every arc has this chance."""
    ways = flow(graph)
    p, log_miss = np.full(len(graph.source), chance), np.zeros(graph.n)
    if 0.0 < chance < 1.0:
        log_miss[:] = np.log1p(-chance)
    ends = np.array(roots, np.int32)
    ptr, nodes = both(
        lambda: draw_reverse_sets(ways.in_ptr, ways.in_src, p, log_miss, ends, seed=5)
    )
    return [nodes[a:b].tolist() for a, b in zip(ptr[:-1], ptr[1:], strict=True)]


@given(digraphs(most=12), st.data())
@few
def test_sets_of_certain_arcs_are_the_root_and_all_that_reach_it(
    graph: Arcs, data: st.DataObject
) -> None:
    roots = data.draw(st.lists(st.integers(0, graph.n - 1), max_size=4))
    whole = nx.DiGraph()
    whole.add_nodes_from(range(graph.n))
    whole.add_edges_from(graph.pairs())
    found = draw_both_ways(graph, 1.0, roots)
    assert [each[:1] for each in found] == [[root] for root in roots]
    assert [set(each) for each in found] == [nx.ancestors(whole, v) | {v} for v in roots]
    assert all(len(each) == len(set(each)) for each in found)
    some = draw_both_ways(graph, 0.5, roots)
    assert all(set(part) <= set(whole) for part, whole in zip(some, found, strict=True))
    assert draw_both_ways(graph, 0.0, roots) == [[root] for root in roots]
