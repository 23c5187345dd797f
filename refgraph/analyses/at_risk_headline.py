"""The headline of `at-risk`: who to call first, and how good the list is."""

from __future__ import annotations

import polars as pl

from refgraph.estimates.proportion import wilson
from refgraph.graph.phrases import as_of_phrase
from refgraph.measures.leaving_model import MIN_LEAVERS, BackTest, LeavingModel
from refgraph.model.graph import Graph
from refgraph.model.message import Message, Names, message

MAX_NAMES = 5
"""Customers that the headline names."""


def build_headline(
    graph: Graph, customers: int, frame: pl.DataFrame, model: LeavingModel | None
) -> Message:
    """Who to call; then the back-test, or why there is none. frame: customers with a sign."""
    values: dict[str, object] = {
        "signs": frame.height,
        "customers": customers,
        "quality": describe_quality(model),
        "standing": as_of_phrase(graph),
    }
    if not frame.height:
        return message("headline.at-risk-none", **values)
    names = Names.shorten(frame["name"], MAX_NAMES)
    return message("headline.at-risk", names=names, first=min(MAX_NAMES, frame.height), **values)


def describe_quality(model: LeavingModel | None) -> Message:
    """How well the ranking found those who left in the last year."""
    if model is None:
        return message("phrase.risk-no-chance", least=MIN_LEAVERS)
    if model.test is None:
        return message("phrase.risk-no-test", leavers=model.leavers)
    return _describe_test(model.test)


def _describe_test(test: BackTest) -> Message:
    low, high = wilson(test.found, test.leavers)
    return message(
        "phrase.risk-test",
        leavers=test.leavers,
        found=test.found,
        share=test.found / test.leavers,
        low=low,
        high=high,
        alone=test.found_alone,
    )
