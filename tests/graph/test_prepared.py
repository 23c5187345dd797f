"""Prepared tables are stored per Dataset; a changed Dataset is prepared again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from support import l96

from refgraph import pipeline
from refgraph.graph.build import build_graph
from refgraph.graph.prepared import prepare_dataset
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.scope import Scope

SCOPES = [
    Scope(),
    Scope(as_of=date(2023, 6, 30)),
    Scope(count=("staff",)),
    Scope(as_of=date(2019, 1, 1)),
]


@pytest.fixture(scope="module")
def data() -> Dataset:
    return pipeline.open_source(Path(__file__).parents[2] / "sample_data" / "l96").dataset()


def assert_same_graph(one: Graph, other: Graph) -> None:
    assert one.parties.equals(other.parties)
    assert one.arcs.equals(other.arcs)
    assert one.orders is not None
    assert other.orders is not None
    assert one.orders.equals(other.orders)
    assert np.array_equal(one.forest.parent, other.forest.parent)


def test_prepare_dataset_twice_returns_the_stored_tables(data: Dataset) -> None:
    assert prepare_dataset(data) is prepare_dataset(data)
    assert prepare_dataset(replace(data)) is not prepare_dataset(data)


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_build_graph_of_reversed_tables_gives_the_same_graph(data: Dataset, scope: Scope) -> None:
    build_graph(data, Scope())  # stores the prepared tables on the Dataset
    assert data.orders is not None
    reversed_data = replace(
        data,
        customers=data.customers.reverse(),
        referrals=data.referrals.reverse(),
        orders=data.orders.reverse(),
    )
    assert_same_graph(build_graph(data, scope), build_graph(reversed_data, scope))
    assert_same_graph(
        build_graph(data, scope), build_graph(replace(data, customer_rows=None), scope)
    )


def test_build_graph_of_fewer_referrals_does_not_use_the_rows_of_intake(data: Dataset) -> None:
    fewer = replace(data, referrals=data.referrals.filter(pl.col("referrer") != l96.HIDDEN))
    graph = build_graph(fewer, Scope())
    assert graph.arcs.height == fewer.referrals.height < data.referrals.height
    ids = graph.parties["id"]
    referrer, referred = (ids.gather(graph.arcs[end]) for end in ("referrer", "referred"))
    pairs = set(zip(referrer, referred, strict=True))
    assert pairs == set(fewer.referrals.select("referrer", "referred").iter_rows())
