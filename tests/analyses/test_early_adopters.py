"""Early adopters: bands, who follows their referrer, and chance against all orders of dates."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from support import toys

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.estimates.following import compare_order
from refgraph.model.dataset import Dataset
from refgraph.model.result import Result


def run(data: Dataset, **parameters: object) -> Result:
    return pipeline.run(OfflineEngine(data), "early-adopters", parameters)


def build(adopters: int, referrals: list[tuple[int, int]]) -> Dataset:
    """Customers who buy "bolt" one day after another; the last one also buys "nut" before."""
    ids = [f"c{k:02d}" for k in range(adopters)]
    people = {id: {"status": "closed", "joined": "2020-01-01"} for id in ids}
    orders = [
        {"customer": id, "at": f"2021-{k // 28 + 1:02d}-{k % 28 + 1:02d}", "product": "bolt"}
        for k, id in enumerate(ids)
    ]
    orders.append({"customer": ids[-1], "at": "2020-06-01", "product": "nut"})
    orders.append({"customer": ids[0], "at": "2022-06-01", "product": "bolt"})
    return toys.company(people, [(ids[u], ids[v]) for u, v in referrals], orders)


def test_bands_of_forty_adopters_are_those_of_rogers() -> None:
    frame = run(build(40, []), product="Bolt").frame
    counts = dict(frame["band"].value_counts().iter_rows())
    assert counts == {
        "innovator": 1,
        "early-adopter": 6,
        "early-majority": 13,
        "late-majority": 14,
        "laggard": 6,
    }
    assert frame["customer"].to_list() == [f"c{k:02d}" for k in range(40)]


def test_followed_referrer_is_the_last_that_bought_before() -> None:
    frame = run(build(4, [(0, 2), (1, 2), (3, 1)]), product="bolt").frame
    assert frame["follows"].to_list() == [None, None, "c01", None]
    assert frame["days_after"].to_list() == [None, None, 1.0, None]


def test_planted_following_is_found_and_few_pairs_are_unknown() -> None:
    chain = [(k, k + 1) for k in range(19)]
    found = run(build(20, chain), product="bolt").headline.values["finding"]
    assert found.id == "phrase.adopters-follow"
    assert found.values["observed"] == 19
    few = run(build(20, chain[:4]), product="bolt").headline.values["finding"]
    assert few.id == "phrase.adopters-few"


def test_expected_order_is_the_mean_of_all_assignments_within_groups() -> None:
    day, group = np.array([1, 2, 3, 4, 9]), np.array([0, 0, 0, 1, 1])
    first, second = np.array([0, 1, 3, 0]), np.array([1, 2, 4, 4])
    counts = []
    for early in permutations(day[:3]):
        for late in permutations(day[3:]):
            dealt = np.array([*early, *late])
            counts.append(int((dealt[first] < dealt[second]).sum()))
    found = compare_order(day, group, first, second)
    assert found.observed == 4
    assert found.expected == pytest.approx(np.mean(counts), abs=0.1)
    share = np.mean([count >= 4 for count in counts])
    assert found.p == pytest.approx(share, abs=0.04)


def test_unknown_products_are_refused_and_no_products_are_unknown() -> None:
    with pytest.raises(UsageError) as caught:
        run(build(4, []), product="bold")
    assert caught.value.id == "unknown-product"
    assert caught.value.values["known"] == ["bolt", "nut"]
    assert run(toys.star(), product="bolt").headline.id == "headline.early-adopters-no-products"
