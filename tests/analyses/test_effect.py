"""`effect` and `referred` on the classic case by member ids, and on toys.

On random companies they are compared with a plain count.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import l96, toys
from support.random_cases import cases

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.model.scope import Scope
from refgraph.model.settings import KeyAccountRule, Settings
from refgraph.texts import format_message

SAMPLES = Path(__file__).parent.parent.parent / "sample_data"


@pytest.fixture(scope="module")
def case() -> OfflineEngine:
    return pipeline.open_source(SAMPLES / "l96")


def test_effect_classic_case_gives_planted_share(case: OfflineEngine) -> None:
    base, staff, partners = pipeline.run(case, "effect").frame.iter_rows(named=True)
    assert (base["referred"], base["customers"], base["share"]) == (30, 96, 0.3125)
    assert (base["share_low"], base["share_high"]) == pytest.approx((0.2285, 0.4109), abs=5e-5)
    assert (base["bound_low"], base["bound_high"], base["unknown"]) == pytest.approx(
        (0.3125, 40 / 96, 10)
    )
    assert [base[c] for c in ("key_only", "old_only", "both", "neither")] == [2, 16, 12, 0]
    assert (base["paid"], base["unpaid"]) == (l96.PAID, l96.UNPAID)
    assert (staff["referred"], partners["referred"]) == (33, 36)


def test_referred_classic_case_lists_planted_customers(case: OfflineEngine) -> None:
    rows = {r["customer"]: r for r in pipeline.run(case, "referred").frame.iter_rows(named=True)}
    assert set(rows) == l96.REFERRED
    through = {
        name: {i for i, r in rows.items() if r["through"] == name}
        for name in ("key_only", "old_only", "both")
    }
    assert through == {"key_only": l96.KEY_ONLY, "old_only": l96.OLD_ONLY, "both": l96.BOTH}
    assert set(rows[l96.DOUBLE_CLAIM]["referrer"].split("; ")) == l96.CLAIMANTS
    lines = (SAMPLES / "l96" / "referrals.csv").read_text(encoding="utf-8").splitlines()
    for customer, row in rows.items():
        assert lines[row["line"] - 1].split(",")[1] == customer


@pytest.mark.parametrize("value", ["revenue", "profit", "volume"])
def test_recommenders_classic_case_hidden_account_is_in_top_three(
    case: OfflineEngine, value: str
) -> None:
    result = pipeline.run(case, "recommenders", {}, Scope(value=value))
    assert l96.HIDDEN in result.frame["customer"].head(3).to_list()


def test_effect_variant_of_classic_case_gives_29() -> None:
    row = pipeline.run(pipeline.open_source(SAMPLES / "l96-29"), "effect").frame.row(0, named=True)
    assert (row["referred"], row["customers"]) == (29, 96)
    assert (row["share_low"], row["share_high"]) == pytest.approx((0.2193, 0.4001), abs=5e-5)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["30 of 96", "31.25 %", "22.9–41.1 %", "2025-12-31"]),
        ("zh", ["96 家客户中有 30 家", "31.25%", "2025-12-31"]),
    ],
)
def test_effect_headline_states_share_and_interval(
    case: OfflineEngine, lang: str, words: list[str]
) -> None:
    sentence = format_message(pipeline.run(case, "effect").headline, lang)
    assert all(word in sentence for word in words)


def test_effect_claimed_count_gives_range_of_shares() -> None:
    row = pipeline.run_variant(None, "effect", "claimed", "近三十/96").frame.row(0, named=True)
    assert (row["share_from"], row["share_to"]) == (0.28125, 0.3125)


def test_effect_as_of_earlier_date_counts_fewer(case: OfflineEngine) -> None:
    from datetime import date

    row = pipeline.run(case, "effect", {}, Scope(as_of=date(2016, 12, 31))).frame.row(0, named=True)
    assert 0 < row["customers"] < 96
    assert 0 < row["referred"] < 30


def test_effect_source_without_referrer_counts_as_referred() -> None:
    people = {
        "a": {"source": "老客户推荐"},
        "b": {"source": "员工推荐"},
        "c": {"source": ""},
        "d": {"source": "展会"},
    }
    base, staff, _ = pipeline.run(
        OfflineEngine(toys.company(people, [])), "effect"
    ).frame.iter_rows(named=True)
    assert (base["referred"], staff["referred"], base["unknown"]) == (1, 2, 1)
    assert base["bound_high"] == 0.5


def test_effect_without_dates_has_no_referrer_mix() -> None:
    result = pipeline.run(OfflineEngine(toys.company({"a": {}, "b": {}}, [("a", "b")])), "effect")
    assert result.frame["key_only"].to_list() == [None] * 3
    assert {"note.key-no-rule", "note.split-cannot-tell"} <= {n.id for n in result.notes}


def test_effect_of_empty_data_is_an_answer() -> None:
    result = pipeline.run(OfflineEngine(toys.empty()), "effect")
    assert result.frame["share"].to_list() == [None] * 3
    assert result.headline.id == "headline.effect-none"


@pytest.mark.parametrize(("volume", "key"), [("100.0", 0), ("100.1", 1)])
def test_effect_key_account_threshold_is_exclusive(volume: str, key: int) -> None:
    rule = Settings(key_account=KeyAccountRule("volume", 100))
    people = {
        "a": {"volume": volume, "joined": "2020-01-01"},
        "b": {"volume": 1, "joined": "2020-02-01"},
    }
    referrals = [{"referrer": "a", "referred": "b", "at": "2020-02-01"}]
    row = pipeline.run(
        OfflineEngine(toys.company(people, referrals, settings=rule)), "effect"
    ).frame.row(0, named=True)
    assert (row["key_only"], row["neither"]) == (key, 1 - key)


@settings(max_examples=cases(80), deadline=None)
@given(st.data())
def test_effect_random_companies_equal_recount(data: st.DataObject) -> None:
    ids = "abcdefgh"[: data.draw(st.integers(2, 8))]
    roles = {
        i: data.draw(st.sampled_from(["customer", "customer", "staff", "partner", "authority"]))
        for i in ids
    }
    status = {i: data.draw(st.sampled_from(["closed", "closed", "lost", "void"])) for i in ids}
    pair = st.tuples(st.sampled_from(ids), st.sampled_from(ids)).filter(lambda p: p[0] != p[1])
    arcs = data.draw(st.sets(pair, max_size=12))
    people = {i: {"role": roles[i], "status": status[i]} for i in ids}
    frame = pipeline.run(OfflineEngine(toys.company(people, sorted(arcs))), "effect").frame
    existing = {i for i in ids if roles[i] == "customer" and status[i] == "closed"}
    kinds = [{"customer"}, {"customer", "staff"}, {"customer", "staff", "partner"}]
    void = {i for i in ids if roles[i] == "customer" and status[i] == "void"}
    for row, kind in zip(frame.iter_rows(named=True), kinds, strict=True):
        referrals = {v for u, v in arcs if roles[u] in kind and u not in void and v in existing}
        assert (row["customers"], row["referred"]) == (len(existing), len(referrals))
