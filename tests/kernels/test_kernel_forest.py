"""Preorder layout and the direct walk, against networkx, plain and compiled."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from kernel_graphs import both, forests, many

from refgraph.kernels.compile import mode
from refgraph.kernels.forest import layout, scatter
from refgraph.kernels.once import depth_once

pytestmark = pytest.mark.filterwarnings("error")
LARGE = 300_000


def tree(parent: np.ndarray) -> nx.DiGraph:
    """The forest under one root, -1."""
    graph = nx.DiGraph()
    graph.add_node(-1)
    graph.add_edges_from((int(p), v) for v, p in enumerate(parent))
    return graph


@given(forests())
@many
def test_layout_is_preorder(parent: np.ndarray) -> None:
    laid = both(lambda: layout(parent))
    graph = tree(parent)
    order = list(nx.dfs_preorder_nodes(graph, -1, sort_neighbors=sorted))[1:]
    assert laid.order.tolist() == order
    place = {v: k for k, v in enumerate(order)} | {-1: -1}
    assert laid.parent.tolist() == [place[int(parent[v])] for v in order]
    assert laid.size.tolist() == [1 + len(nx.descendants(graph, v)) for v in order]
    far = nx.single_source_shortest_path_length(graph, -1)
    assert laid.depth.tolist() == [far[v] - 1 for v in order]
    for each in (laid.order, laid.parent, laid.size, laid.depth):
        assert each.dtype == np.int32 and each.flags.c_contiguous and each.flags.writeable


@given(forests())
@many
def test_depth_once_agrees_with_networkx(parent: np.ndarray) -> None:
    depth, root = both(lambda: depth_once(parent))
    graph = tree(parent)
    for v in range(len(parent)):
        path = nx.shortest_path(graph, -1, v)
        assert (depth[v], root[v]) == (len(path) - 2, path[1])


@given(forests())
@many
def test_scatter_undoes_the_gathering(parent: np.ndarray) -> None:
    order = layout(parent).order
    values = np.arange(len(parent)) * 1.5
    assert (scatter(values[order], order) == values).all()


LOOPS = {"to itself": [0], "two": [1, 0], "behind a tree": [-1, 0, 3, 4, 2, 2], "all of it": [*range(1, 50), 0]}


@pytest.mark.parametrize("how", ["plain", "compiled"])
@pytest.mark.parametrize("ask", [layout, depth_once])
@pytest.mark.parametrize("parent", LOOPS.values(), ids=LOOPS.keys())
def test_a_loop_is_refused(parent: list[int], ask, how: str) -> None:
    with mode(how), pytest.raises(ValueError, match="loop"):
        ask(np.array(parent, np.int32))


@pytest.mark.parametrize("ask", [layout, depth_once])
@pytest.mark.parametrize("parent", [[1], [-2], [-1, 2]])
def test_an_index_outside_is_refused(parent: list[int], ask) -> None:
    with pytest.raises(ValueError, match="outside"):
        ask(np.array(parent, np.int32))


@pytest.mark.parametrize("parent", [np.array([-1], np.int64), np.array([[-1]], np.int32), np.array([-1.0])])
def test_other_types_are_refused_not_cut_off(parent: np.ndarray) -> None:
    with pytest.raises(ValueError, match="int32"):
        layout(parent)


def test_the_input_may_be_read_only_or_strided_and_is_left_alone() -> None:
    parent = np.array([-1, 9, 0, 9, 1, 9], np.int32)[::2]
    parent.flags.writeable = False
    assert both(lambda: layout(parent)).order.tolist() == [0, 1, 2]
    assert parent.tolist() == [-1, 0, 1]


def shapes() -> dict[str, np.ndarray]:
    """Parents of large chains and stars, ids in order, backwards, shuffled; and a broom, half chain and half star."""
    chain = np.arange(-1, LARGE - 1, dtype=np.int32)
    star = np.zeros(LARGE, np.int32)
    star[0] = -1
    name = np.random.default_rng(7).permutation(LARGE)
    shuffled = np.empty(LARGE, np.int32)
    shuffled[name] = np.where(chain < 0, -1, name[chain])
    backwards = np.where(chain < 0, -1, LARGE - 1 - chain)[::-1].astype(np.int32)
    broom = np.where(np.arange(LARGE) < LARGE // 2, chain, LARGE // 2 - 1).astype(np.int32)
    return {"chain": chain, "star": star, "shuffled": shuffled, "backwards": backwards, "broom": broom}


@pytest.mark.parametrize("name", ["chain", "star", "shuffled", "backwards", "broom"])
def test_large_chains_and_stars(name: str) -> None:
    parent = shapes()[name]
    with mode("compiled"):
        laid = layout(parent)
        depth, root = depth_once(parent)
    deepest = {"star": 1, "broom": LARGE // 2}.get(name, LARGE - 1)
    place = np.arange(LARGE)
    assert (laid.depth == np.minimum(place, deepest)).all() and laid.size[0] == LARGE
    assert (laid.parent[1:] == np.minimum(place[1:] - 1, deepest - 1)).all()
    assert (scatter(laid.depth, laid.order) == depth).all() and (root == laid.order[0]).all()
