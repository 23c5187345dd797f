"""`effect` and `referred` on the classic case by member ids, on toys, and against a plain count on random companies."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import l96
import toys
from refgraph import flow
from refgraph.engines.offline import Offline
from refgraph.model.scope import Scope
from refgraph.model.settings import KeyAccountRule, Settings
from refgraph.texts import say

SAMPLES = Path(__file__).parent.parent.parent / "sample_data"


@pytest.fixture(scope="module")
def case() -> Offline:
    return flow.open_source(SAMPLES / "l96")


def test_the_classic_case(case: Offline) -> None:
    base, staff, partners = flow.run(case, "effect").frame.iter_rows(named=True)
    assert (base["referred"], base["customers"], base["share"]) == (30, 96, 0.3125)
    assert (base["share_low"], base["share_high"]) == pytest.approx((0.2285, 0.4109), abs=5e-5)
    assert (base["bound_low"], base["bound_high"], base["unknown"]) == pytest.approx((0.3125, 40 / 96, 10))
    assert [base[c] for c in ("key_only", "old_only", "both", "neither")] == [2, 16, 12, 0]
    assert (base["paid"], base["unpaid"]) == (l96.PAID, l96.UNPAID)
    assert (staff["referred"], partners["referred"]) == (33, 36)


def test_who_was_referred_and_through_whom(case: Offline) -> None:
    rows = {r["customer"]: r for r in flow.run(case, "referred").frame.iter_rows(named=True)}
    assert set(rows) == l96.REFERRED
    through = {name: {i for i, r in rows.items() if r["through"] == name} for name in ("key_only", "old_only", "both")}
    assert through == {"key_only": l96.KEY_ONLY, "old_only": l96.OLD_ONLY, "both": l96.BOTH}
    assert set(rows[l96.DOUBLE_CLAIM]["referrer"].split("; ")) == l96.CLAIMANTS
    lines = (SAMPLES / "l96" / "referrals.csv").read_text(encoding="utf-8").splitlines()
    for customer, row in rows.items():
        assert lines[row["line"] - 1].split(",")[1] == customer


@pytest.mark.parametrize("value", ["revenue", "profit", "volume"])
def test_the_hidden_account_is_among_the_top_three(case: Offline, value: str) -> None:
    result = flow.run(case, "recommenders", {}, Scope(value=value))
    assert l96.HIDDEN in result.frame["customer"].head(3).to_list()


def test_the_variant() -> None:
    row = flow.run(flow.open_source(SAMPLES / "l96-29"), "effect").frame.row(0, named=True)
    assert (row["referred"], row["customers"]) == (29, 96)
    assert (row["share_low"], row["share_high"]) == pytest.approx((0.2193, 0.4001), abs=5e-5)


@pytest.mark.parametrize(("lang", "words"), [("en", ["30 of 96", "31.25 %", "22.9–41.1 %", "2025-12-31"]),
                                             ("zh", ["96 家客户中有 30 家", "31.25 %", "2025-12-31"])])  # fmt: skip
def test_the_headline_can_be_pasted(case: Offline, lang: str, words: list[str]) -> None:
    sentence = say(flow.run(case, "effect").headline, lang)
    assert all(word in sentence for word in words)


def test_a_claimed_count() -> None:
    row = flow.claimed("近三十/96").frame.row(0, named=True)
    assert (row["share_from"], row["share_to"]) == (0.28125, 0.3125)


def test_scope_as_of_an_earlier_day(case: Offline) -> None:
    from datetime import date

    row = flow.run(case, "effect", {}, Scope(as_of=date(2016, 12, 31))).frame.row(0, named=True)
    assert 0 < row["customers"] < 96
    assert 0 < row["referred"] < 30


def test_source_says_referral_but_names_nobody() -> None:
    people = {"a": {"source": "老客户推荐"}, "b": {"source": "员工推荐"}, "c": {"source": ""}, "d": {"source": "展会"}}
    base, staff, _ = flow.run(Offline(toys.company(people, [])), "effect").frame.iter_rows(named=True)
    assert (base["referred"], staff["referred"], base["unknown"]) == (1, 2, 1)
    assert base["bound_high"] == 0.5


def test_without_dates_or_values_the_split_cannot_be_told() -> None:
    result = flow.run(Offline(toys.company({"a": {}, "b": {}}, [("a", "b")])), "effect")
    assert result.frame["key_only"].to_list() == [None] * 3
    assert "note.split-cannot-tell" in [n.id for n in result.notes]


def test_nobody_at_all_is_an_answer() -> None:
    result = flow.run(Offline(toys.empty()), "effect")
    assert result.frame["share"].to_list() == [None] * 3
    assert result.headline.id == "headline.effect-none"


@pytest.mark.parametrize(("volume", "key"), [("100.0", 0), ("100.1", 1)])
def test_above_a_hundred_tonnes_is_strictly_above(volume: str, key: int) -> None:
    rule = Settings(key_account=KeyAccountRule("volume", 100))
    people = {"a": {"volume": volume, "joined": "2020-01-01"}, "b": {"volume": 1, "joined": "2020-02-01"}}
    told = [{"referrer": "a", "referred": "b", "at": "2020-02-01"}]
    row = flow.run(Offline(toys.company(people, told, settings=rule)), "effect").frame.row(0, named=True)
    assert (row["key_only"], row["neither"]) == (key, 1 - key)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_the_share_equals_a_plain_count(data: st.DataObject) -> None:
    ids = "abcdefgh"[: data.draw(st.integers(2, 8))]
    roles = {i: data.draw(st.sampled_from(["customer", "customer", "staff", "partner", "authority"])) for i in ids}
    status = {i: data.draw(st.sampled_from(["closed", "closed", "lost", "void"])) for i in ids}
    pair = st.tuples(st.sampled_from(ids), st.sampled_from(ids)).filter(lambda p: p[0] != p[1])
    arcs = data.draw(st.sets(pair, max_size=12))
    people = {i: {"role": roles[i], "status": status[i]} for i in ids}
    frame = flow.run(Offline(toys.company(people, sorted(arcs))), "effect").frame
    existing = {i for i in ids if roles[i] == "customer" and status[i] == "closed"}
    kinds = [{"customer"}, {"customer", "staff"}, {"customer", "staff", "partner"}]
    void = {i for i in ids if roles[i] == "customer" and status[i] == "void"}
    for row, kind in zip(frame.iter_rows(named=True), kinds, strict=True):
        told = {v for u, v in arcs if roles[u] in kind and u not in void and v in existing}
        assert (row["customers"], row["referred"]) == (len(existing), len(told))
