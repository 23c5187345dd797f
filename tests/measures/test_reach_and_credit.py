"""Credit and direct value add up in each of ten thousand graphs, side by side in one company."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph import intake
from refgraph.graph import build_graph
from refgraph.measures import reach_and_credit
from refgraph.model.dataset import Dataset
from refgraph.model.raw import RawTable, make_empty_rejects
from refgraph.model.scope import Scope
from refgraph.model.settings import Settings

GRAPHS, PARTIES, ARCS = 10_000, 6, 7
GRAPH_OF_PARTY = np.repeat(np.arange(GRAPHS), PARTIES)


def build_table(file: str, **columns: pl.Series) -> RawTable:
    frame = pl.DataFrame(columns).with_columns(pl.all().cast(pl.String))
    return RawTable(
        file=file,
        frame=frame,
        line=pl.Series(np.arange(2, frame.height + 2)),
        rows_read=frame.height,
        rejects=make_empty_rejects(),
    )


def build_random_company(seed: int) -> Dataset:
    """`GRAPHS` graphs of `PARTIES` parties and up to `ARCS` referrals each, unconnected."""
    dice = np.random.default_rng(seed)
    ids = pl.Series([f"{g:05d}-{k}" for g in range(GRAPHS) for k in range(PARTIES)])
    first_of_graph = np.repeat(np.arange(GRAPHS) * PARTIES, ARCS)
    ends = dice.integers(0, PARTIES, (2, GRAPHS * ARCS)) + first_of_graph
    ends = ends[:, ends[0] != ends[1]]
    revenue = pl.Series(dice.integers(-50, 1000, len(ids)) / 100)
    referrer, referred = ids.gather(ends[0]), ids.gather(ends[1])
    tables = {
        "customers": [build_table("c", id=ids, revenue=revenue)],
        "referrals": [build_table("r", referrer=referrer, referred=referred)],
    }
    return intake.build_dataset(tables, Settings())


def sum_by_graph(values: np.ndarray) -> np.ndarray:
    return np.bincount(GRAPH_OF_PARTY, weights=values)


def assert_same_sums(values: np.ndarray, expected: np.ndarray) -> None:
    np.testing.assert_allclose(sum_by_graph(values), sum_by_graph(expected), atol=1e-9)


def test_credit_and_direct_value_of_random_graphs_add_up_in_each() -> None:
    graph = build_graph(build_random_company(seed=96), Scope())
    credit = reach_and_credit.compute_shapley_credit(graph)
    assert credit is not None
    value = graph.value.numbers
    referred_value = np.where(graph.adjacency.has_referrer, value, 0.0)
    assert_same_sums(credit.credit, value)
    assert_same_sums(reach_and_credit.compute_direct_value(graph), referred_value)
