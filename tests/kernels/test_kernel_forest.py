"""Preorder of forests, against networkx, plain and compiled."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from support.kernel_graphs import both, forests, many

from refgraph.kernels.compilation import force_mode
from refgraph.kernels.forest import scatter_to_nodes, to_preorder

pytestmark = pytest.mark.filterwarnings("error")
LARGE = 300_000


def to_networkx(parent: np.ndarray) -> nx.DiGraph:
    """The forest under one root, -1."""
    graph = nx.DiGraph()
    graph.add_node(-1)
    graph.add_edges_from((int(p), v) for v, p in enumerate(parent))
    return graph


@given(forests())
@many
def test_to_preorder_any_forest_agrees_with_networkx(parent: np.ndarray) -> None:
    laid = both(lambda: to_preorder(parent))
    graph = to_networkx(parent)
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
def test_scatter_to_nodes_undoes_the_gathering(parent: np.ndarray) -> None:
    order = to_preorder(parent).order
    values = np.arange(len(parent)) * 1.5
    assert (scatter_to_nodes(values[order], order) == values).all()


CYCLES = {
    "self-loop": [0],
    "two": [1, 0],
    "behind a tree": [-1, 0, 3, 4, 2, 2],
    "everything": [*range(1, 50), 0],
}


@pytest.mark.parametrize("how", ["plain", "compiled"])
@pytest.mark.parametrize("parent", CYCLES.values(), ids=CYCLES.keys())
def test_to_preorder_cycle_is_refused(parent: list[int], how: str) -> None:
    with force_mode(how), pytest.raises(ValueError, match="cycle"):
        to_preorder(np.array(parent, np.int32))


@pytest.mark.parametrize("parent", [[1], [-2], [-1, 2]])
def test_to_preorder_index_outside_is_refused(parent: list[int]) -> None:
    with pytest.raises(ValueError, match="outside"):
        to_preorder(np.array(parent, np.int32))


@pytest.mark.parametrize(
    "parent", [np.array([-1], np.int64), np.array([[-1]], np.int32), np.array([-1.0])]
)
def test_to_preorder_other_types_are_refused_not_truncated(parent: np.ndarray) -> None:
    with pytest.raises(ValueError, match="int32"):
        to_preorder(parent)


def test_to_preorder_read_only_or_strided_input_is_left_alone() -> None:
    parent = np.array([-1, 9, 0, 9, 1, 9], np.int32)[::2]
    parent.flags.writeable = False
    assert both(lambda: to_preorder(parent)).order.tolist() == [0, 1, 2]
    assert parent.tolist() == [-1, 0, 1]


def make_large_forests() -> dict[str, np.ndarray]:
    """Parents of large chains (ids in order, backwards, shuffled) and stars; and a broom, half
    chain and half star.
    """
    chain = np.arange(-1, LARGE - 1, dtype=np.int32)
    star = np.zeros(LARGE, np.int32)
    star[0] = -1
    name = np.random.default_rng(7).permutation(LARGE)
    shuffled = np.empty(LARGE, np.int32)
    shuffled[name] = np.where(chain < 0, -1, name[chain])
    backwards = np.where(chain < 0, -1, LARGE - 1 - chain)[::-1].astype(np.int32)
    broom = np.where(np.arange(LARGE) < LARGE // 2, chain, LARGE // 2 - 1).astype(np.int32)
    return {
        "chain": chain,
        "star": star,
        "shuffled": shuffled,
        "backwards": backwards,
        "broom": broom,
    }


@pytest.mark.parametrize("name", ["chain", "star", "shuffled", "backwards", "broom"])
def test_to_preorder_large_chains_and_stars_have_closed_forms(name: str) -> None:
    parent = make_large_forests()[name]
    with force_mode("compiled"):
        forest = to_preorder(parent)
    deepest = {"star": 1, "broom": LARGE // 2}.get(name, LARGE - 1)
    index = np.arange(LARGE)
    assert (forest.depth == np.minimum(index, deepest)).all()
    assert forest.size[0] == LARGE
    assert (forest.parent[1:] == np.minimum(index[1:] - 1, deepest - 1)).all()
    assert sorted(forest.order) == index.tolist()
