"""The Cypher that people paste into Browser gives what the files say, counted here by hand."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import pytest
from docs_maker.graph_page import list_questions
from support.foreign_graphs import SAMPLE
from support.stores import open_store, run_cypher

from refgraph import pipeline
from refgraph.model.dataset import Dataset

pytestmark = pytest.mark.neo4j
QUESTIONS = {statement.name: statement.text for statement in list_questions()}


@pytest.fixture(scope="module")
def sample() -> Dataset:
    return pipeline.open_source(SAMPLE).dataset()


def list_pairs(data: Dataset) -> list[tuple[str, str]]:
    return data.referrals.select("referrer", "referred").rows()


def count_steps(pairs: list[tuple[str, str]], start: str) -> dict[str, int]:
    """Party -> steps from the start."""
    steps, newest, step = dict[str, int](), [start], 0
    while newest:
        step += 1
        newest = [b for a, b in pairs if a in newest and b not in steps]
        steps |= dict.fromkeys(newest, step)
    return steps


def test_six_questions_are_answered(sample: Dataset, neo4j_empty: Any) -> None:
    open_store(neo4j_empty).load(sample)
    assert len(QUESTIONS) == 6
    rows = {name: run_cypher(neo4j_empty, text) for name, text in QUESTIONS.items()}
    pairs = list_pairs(sample)

    direct = Counter(a for a, _ in pairs)
    expected = sorted(direct.items(), key=lambda item: (-item[1], item[0]))[:10]
    assert [(id, count) for id, _, count in rows["direct_referrals"]] == expected

    steps = count_steps(pairs, "C001")
    assert {id: n for id, _, n in rows["whole_tree"]} == steps

    for (way,) in rows["way_between"]:
        assert way[-1] == "C013"
        assert set(zip(way, way[1:], strict=False)) <= set(pairs)
        assert way[0] not in {b for _, b in pairs}
    assert rows["way_between"]

    bought: dict[str, float] = defaultdict(float)
    assert sample.orders is not None
    revenue: dict[str, float] = {}
    for customer, amount in sample.orders.select("customer", "revenue").rows():
        revenue[customer] = revenue.get(customer, 0.0) + (amount or 0.0)
    has_orders = set(sample.orders["customer"])
    for a, b in pairs:
        if b in has_orders:
            bought[a] += revenue[b]
    top = sorted(bought.items(), key=lambda item: (-round(item[1], 2), item[0]))[:10]
    found = [(id, round(total, 2)) for id, _, total in rows["bought_by_the_referred"]]
    assert found == [(id, round(total, 2)) for id, total in top]

    years = Counter(day.year for day in sample.referrals["at"].drop_nulls())
    assert dict(map(tuple, rows["referrals_by_year"])) == dict(years)

    assert sample.affiliations is not None
    groups: dict[str, list[str]] = defaultdict(list)
    for customer, group in sorted(sample.affiliations.select("customer", "group").rows()):
        groups[group].append(customer)
    assert dict(map(tuple, rows["groups"])) == groups
