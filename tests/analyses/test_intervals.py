"""Intervals of what headlines compare, from the data of a generated company."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest
from support import companies, toys
from test_definitions import run

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.estimates.ratio import compute_ratio_interval


def test_effect_value_share_interval_is_clustered_by_tree() -> None:
    made = companies.company(size=300, seed=4)
    graph = companies.graph(made)
    result = pipeline.run(OfflineEngine(companies.dataset(made)), "effect")
    row = result.frame.row(0, named=True)
    arcs = graph.arcs.filter("counted").select("referrer", "referred").rows()
    network = nx.Graph(arcs)
    network.add_nodes_from(range(len(graph)))
    label = np.zeros(len(graph), np.int64)
    for k, members in enumerate(nx.connected_components(network)):
        label[list(members)] = k
    came = set(pipeline.run(OfflineEngine(companies.dataset(made)), "referred").frame["customer"])
    is_referred = np.array([id in came for id in graph.parties["id"]])
    value, existing = graph.value.numbers, graph.existing
    expected = compute_ratio_interval(
        (value * is_referred)[existing], value[existing], label[existing]
    )
    found = (row["value_share"], row["value_share_low"], row["value_share_high"])
    assert found == pytest.approx((expected.ratio, max(expected.low, 0), min(expected.high, 1)))
    worth = result.headline.values["worth"]
    assert worth.id == "headline.effect-value-interval"
    assert (worth.values["low"], worth.values["high"]) == found[1:]


def test_effect_of_one_tree_has_no_interval_of_value() -> None:
    result = run(toys.star(), "effect")
    assert result.frame["value_share_low"].null_count() == 3
    assert result.headline.values["worth"].id == "headline.effect-value"
    assert "note.value-share-no-interval" in [n.id for n in result.notes]


def test_time_to_refer_rates_have_poisson_intervals_around_them() -> None:
    made = companies.company(size=300, seed=4)
    frame = pipeline.run(OfflineEngine(companies.dataset(made)), "time-to-refer").frame
    assert frame.height == 5
    for row in frame.iter_rows(named=True):
        low, rate, high = row["per_year_low"], row["per_year"], row["per_year_high"]
        assert 0 <= low <= rate < high
        width = 4 * math.sqrt(row["referrals"] + 2) / row["customer_years"]
        assert high - low < 1.5 * width


def test_cohorts_headline_mean_carries_its_interval() -> None:
    made = companies.company(size=2000, seed=4)
    headline = pipeline.run(OfflineEngine(companies.dataset(made)), "cohorts").headline
    most = headline.values["most"]
    mean = most.values["mean"]
    assert mean.id == "phrase.mean-interval"
    assert 0 <= mean.values["low"] < mean.values["mean"] < mean.values["high"]
