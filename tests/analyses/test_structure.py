"""Chains and trees: on the classic case and by closed forms.

Random forests are compared with networkx.
"""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import l96, toys
from support.random_cases import cases

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"


def make_forest(parents: list[int]) -> OfflineEngine:
    """Party k was referred by parents[k] (smaller, -1 = root); party k is worth k + 1."""
    ids = [f"{k:03d}" for k in range(len(parents))]
    people = {ids[k]: {"revenue": k + 1} for k in range(len(parents))}
    return OfflineEngine(
        toys.company(people, [(ids[p], ids[k]) for k, p in enumerate(parents) if p >= 0])
    )


STAR, PATH, BINARY = (
    [-1] + [0] * 29,
    list(range(-1, 29)),
    [-1] + [(k - 1) // 2 for k in range(1, 31)],
)


@pytest.mark.parametrize(
    ("parents", "virality"), [(STAR, 29 / 15), (PATH, 31 / 3), (BINARY, 768 / 155)]
)
def test_trees_virality_equals_publication(parents: list[int], virality: float) -> None:
    assert pipeline.run(make_forest(parents), "trees").frame["virality"].to_list() == pytest.approx(
        [virality], rel=1e-15
    )


@pytest.mark.parametrize(
    ("parents", "dandelion", "chain"),
    [(STAR, 1.0, 1 / 29), (PATH, 1 / 29, 1.0), (BINARY, 2 / 30, 4 / 30)],
)
def test_trees_shape_of_a_star_and_of_a_chain(
    parents: list[int], dandelion: float, chain: float
) -> None:
    row = pipeline.run(make_forest(parents), "trees").frame.row(0, named=True)
    assert (row["dandelion"], row["chain"]) == (dandelion, chain)


forests = st.lists(st.integers(0, 10**6), min_size=1, max_size=25).map(
    lambda draws: [-1 if d % 4 == 0 else d % max(k, 1) - (k == 0) for k, d in enumerate(draws)]
)


@settings(max_examples=cases(100), deadline=None)
@given(forests)
def test_trees_random_forests_equal_networkx(parents: list[int]) -> None:
    graph = nx.Graph([(p, k) for k, p in enumerate(parents) if p >= 0])
    frame = pipeline.run(make_forest(parents), "trees").frame
    found = {int(r["root"]): r for r in frame.iter_rows(named=True)}
    trees = [sorted(c) for c in nx.connected_components(graph)]
    assert set(found) == {t[0] for t in trees}
    for tree in trees:
        row, part = found[tree[0]], graph.subgraph(tree)
        depth = nx.single_source_shortest_path_length(part, tree[0])
        made = [sum(parents[x] == y for x in tree) for y in tree]
        assert (row["parties"], row["value"]) == (len(tree), sum(k + 1 for k in tree))
        assert row["generations"] == max(depth.values())
        assert row["widest"] == max(np.bincount(list(depth.values())))
        assert row["virality"] == pytest.approx(nx.average_shortest_path_length(part))
        assert row["dandelion"] == max(made) / (len(tree) - 1)
        assert row["chain"] == max(depth.values()) / (len(tree) - 1)
        assert row["mean_depth"] == pytest.approx(sum(depth.values()) / (len(tree) - 1))


@settings(max_examples=cases(100), deadline=None)
@given(forests)
def test_chains_are_the_paths_from_root_to_leaf(parents: list[int]) -> None:
    def line(k: int) -> list[int]:
        return [*line(parents[k]), k] if parents[k] >= 0 else [k]

    lines = [line(k) for k in range(len(parents)) if k not in parents and parents[k] >= 0]
    frame = pipeline.run(make_forest(parents), "chains").frame
    found = [
        ([int(x) for x in r["path"].split(" → ")], r["value"]) for r in frame.iter_rows(named=True)
    ]
    assert found == sorted(
        ((x, sum(k + 1 for k in x)) for x in lines), key=lambda x: (-len(x[0]), -x[1], x[0][-1])
    )


def test_chains_classic_case_longest_chain() -> None:
    frame = pipeline.run(pipeline.open_source(CASE), "chains").frame
    row = frame.row(0, named=True)
    assert (row["first"], row["last"], row["length"], row["people"]) == (
        l96.LONGEST_CHAIN[0],
        l96.LONGEST_CHAIN[-1],
        4,
        5,
    )
    assert frame["length"].to_list()[1] < 4


def test_chains_are_not_extended_by_prospects() -> None:
    people = {"a": {"status": "closed"}, "b": {"status": "closed"}, "c": {"status": "prospect"}}
    frame = pipeline.run(
        OfflineEngine(toys.company(people, [("a", "b"), ("b", "c")])), "chains"
    ).frame
    assert frame.select("first", "last", "length").rows() == [("a", "b", 1)]


@pytest.mark.parametrize("shape", ["chain", "star"])
def test_trees_and_chains_of_100_000_parties(shape: str) -> None:
    n = 100_000
    parents = list(range(-1, n - 1)) if shape == "chain" else [-1] + [0] * (n - 1)
    ids = [f"{k:06d}" for k in range(n)]
    data = toys.company(
        dict.fromkeys(ids, {}), [(ids[p], ids[k]) for k, p in enumerate(parents) if p >= 0]
    )
    frame = pipeline.run(OfflineEngine(data), "chains").frame
    assert frame.height == (1 if shape == "chain" else n - 1)
    if shape == "chain":
        path = frame["path"][0].split(" → ")
        assert path == [*ids[:25], f"… ({n - 50}) …", *ids[-25:]]
        assert pipeline.run(OfflineEngine(data), "trees").frame["virality"][0] == pytest.approx(
            (n + 1) / 3
        )
