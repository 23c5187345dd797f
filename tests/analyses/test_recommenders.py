"""Reach, credit and direct value of `recommenders` against the oracles.

On random forests, DAGs and loops.
"""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import oracles, toys
from support.random_cases import cases

from refgraph import pipeline, texts
from refgraph.engines.offline import OfflineEngine
from refgraph.model.scope import Scope

IDS = "abcdefghij"
DAYS = [None, "2020-01-01", "2021-05-05", "2022-09-09"]


@st.composite
def companies(
    draw: st.DrawFn,
) -> tuple[dict[str, int], dict[str, str | None], set[tuple[str, str]]]:
    """Up to ten customers with values, joining days, and any referrals between two of them."""
    ids = IDS[: draw(st.integers(1, len(IDS)))]
    worth = {x: draw(st.integers(0, 100)) for x in ids}
    joined = {x: draw(st.sampled_from(DAYS)) for x in ids}
    pairs = st.tuples(st.sampled_from(ids), st.sampled_from(ids)).filter(lambda p: p[0] != p[1])
    shape = draw(st.sampled_from(["forest", "dag", "any"]))
    arcs = draw(st.sets(pairs, max_size=14)) if len(ids) > 1 else set()
    if shape != "any":
        arcs = {(min(p), max(p)) for p in arcs}
    if shape == "forest":
        arcs = set({v: (u, v) for u, v in sorted(arcs)}.values())
    return worth, joined, arcs


@settings(max_examples=cases(150), deadline=None)
@given(companies())
def test_recommenders_random_networks_equal_the_oracle(
    company: tuple[dict[str, int], dict[str, str | None], set[tuple[str, str]]],
) -> None:
    worth, joined, arcs = company
    data = toys.company(
        {x: {"revenue": w / 10, "joined": joined[x]} for x, w in worth.items()}, sorted(arcs)
    )
    found = pipeline.run(OfflineEngine(data), "recommenders").frame
    left = oracles.cut(arcs, joined)
    tenths = {x: Fraction(w, 10) for x, w in worth.items()}
    reach, direct, credit = (
        f(left, tenths) for f in (oracles.reach, oracles.direct_value, oracles.credit)
    )
    assert set(found["customer"]) == {u for u, _ in arcs}
    for row in found.iter_rows(named=True):
        x = row["customer"]
        assert row["direct"] == sum(1 for u, _ in arcs if u == x)
        assert (row["downstream"], row["downstream_value"]) == (reach[x][0], float(reach[x][1]))
        assert math.isclose(row["direct_value"], direct[x], rel_tol=1e-12, abs_tol=1e-12)
        assert math.isclose(row["credit"], credit[x], rel_tol=1e-12, abs_tol=1e-12)
    keys = [(-row["direct_value"], row["customer"]) for row in found.iter_rows(named=True)]
    assert keys == sorted(keys)
    assert found["rank"].to_list() == list(range(1, found.height + 1))


def get_credits(name: str) -> dict[str, float]:
    """Credit of the recommenders of a toy."""
    frame = pipeline.run(OfflineEngine(toys.TOYS[name]()), "recommenders").frame
    return dict(zip(frame["customer"], frame["credit"], strict=True))


def test_recommenders_chain_of_three_credit_equals_publication() -> None:
    assert get_credits("chain") == pytest.approx({"a": 55 / 3, "b": 25 / 3})


def test_recommenders_two_referrers_share_half_each() -> None:
    assert get_credits("two_referrers") == pytest.approx({"a": 2.5, "b": 2.5})


def test_recommenders_by_another_column_changes_only_the_order() -> None:
    data = toys.worth(
        {"a": 1, "b": 1, "c": 1, "d": 1, "e": 50}, [("a", "b"), ("a", "c"), ("d", "e")]
    )
    by_value = pipeline.run(OfflineEngine(data), "recommenders").frame
    by_direct = pipeline.run(OfflineEngine(data), "recommenders", {"by": "direct"}).frame
    assert by_value["customer"].to_list() == ["d", "a"]
    assert by_direct["customer"].to_list() == ["a", "d"]
    assert set(by_value["credit"]) == set(by_direct["credit"])


def test_recommenders_conversion_counts_only_the_decided() -> None:
    people = {
        "a": {"status": "closed"},
        "b": {"status": "closed"},
        "c": {"status": "lost"},
        "d": {"status": "contacted"},
    }
    row = pipeline.run(
        OfflineEngine(toys.company(people, [("a", x) for x in "bcd"])), "recommenders"
    ).frame.row(0, named=True)
    assert (row["direct"], row["closed"], row["lost"], row["open"]) == (3, 1, 1, 1)
    assert row["conversion"] == 0.5
    assert row["conversion_low"] < 0.5 < row["conversion_high"]


def test_recommenders_days_to_close_exclude_late_referrals() -> None:
    people = {
        "a": {"joined": "2020-01-01"},
        "b": {"joined": "2021-01-11"},
        "c": {"joined": "2021-01-01"},
    }
    referrals = [
        {"referrer": "a", "referred": "b", "at": "2021-01-01"},
        {"referrer": "a", "referred": "c", "at": "2021-06-01"},
    ]
    frame = pipeline.run(OfflineEngine(toys.company(people, referrals)), "recommenders").frame
    assert frame["median_days_to_close"].to_list() == [10.0]


def test_compare_days_to_close_are_those_of_the_closed() -> None:
    """A lost prospect may have a date of an order; it closed nothing."""
    people = {
        "a": {"status": "closed", "joined": "2020-01-01"},
        "z": {"status": "closed", "joined": "2020-01-01"},
        "b": {"status": "closed", "joined": "2021-01-11"},
        "c": {"status": "lost", "joined": "2021-05-01"},
    }
    referrals = [{"referrer": "a", "referred": x, "at": "2021-01-01"} for x in "bc"]
    engine = OfflineEngine(toys.company(people, referrals))
    frame = pipeline.run(engine, "compare", {"of": ("a", "z")}).frame
    assert frame.filter(element="median_days_to_close")["first"].to_list() == [10.0]


def test_recommenders_include_staff_only_when_counted() -> None:
    people = {"a": {}, "b": {}, "s": {"role": "staff"}}
    engine = OfflineEngine(toys.company(people, [("s", "b")]))
    assert pipeline.run(engine, "recommenders").frame.height == 0
    assert pipeline.run(engine, "recommenders", {}, Scope(count=("staff",))).frame[
        "customer"
    ].to_list() == ["s"]
    assert (
        pipeline.run(
            engine, "recommenders", {"role": "customer"}, Scope(count=("staff",))
        ).frame.height
        == 0
    )


def test_recommenders_role_filter_applies_to_both_headline_counts() -> None:
    people = {"a": {}, "b": {}, "c": {}, "s": {"role": "staff"}}
    engine = OfflineEngine(toys.company(people, [("s", "b"), ("s", "c"), ("a", "c")]))
    scope = Scope(count=("staff",))
    for role, recommenders, referred in (("any", 2, 2), ("customer", 1, 1), ("staff", 1, 2)):
        values = pipeline.run(engine, "recommenders", {"role": role}, scope).headline.values
        assert (values["recommenders"], values["referred"]) == (recommenders, referred)


@pytest.mark.parametrize(
    ("basis", "brought", "share"),
    [
        ("revenue", "a00 referred 1 customer, worth 70;", "15.0 % of all referred value"),
        ("customers", "a00 referred 1 customer;", "15.0 % of all referred customers"),
    ],
)
def test_recommenders_headline_counts_customers_where_no_money_is_meant(
    basis: str, brought: str, share: str
) -> None:
    """Twenty recommenders of one customer each, so that the best three have 15 %."""
    people = {f"{side}{k:02}": {"revenue": 70} for side in "ab" for k in range(20)}
    arcs = [(f"a{k:02}", f"b{k:02}") for k in range(20)]
    engine = OfflineEngine(toys.company(people, arcs))
    result = pipeline.run(engine, "recommenders", {}, Scope(value=basis))
    sentence = texts.format_message(result.headline, "en")
    assert brought in sentence and share in sentence, sentence
    assert ("worth" in sentence) == (basis == "revenue")
