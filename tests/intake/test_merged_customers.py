"""Customers that a person confirmed as one firm become one, and nothing that they hold is lost."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from support.intake_tables import Row, count_rows
from support.match_tables import admit, decide, find_codes, pairs
from support.random_cases import cases

from refgraph.intake.firm_groups import group_firms

SPELLINGS: list[Row] = [
    {"id": "a", "name": "河北钢铁集团有限公司", "revenue": "100", "joined": "2020-05-01"},
    {
        "id": "b",
        "name": "河钢集团",
        "revenue": "20",
        "joined": "2019-01-01",
        "phone": "13800000001",
    },
    {"id": "c", "name": "河钢", "revenue": "7", "referred_by": "d"},
    {"id": "d", "name": "恒通管业"},
    {"id": "e", "name": "瑞丰机械", "referred_by": "河钢集团"},
]
ONE_FIRM = decide(("b", "a", "yes"), ("c", "b", "yes"), kind="same firm")
NAMED: list[Row] = [
    {"referrer": "c", "referred": "d"},
    {"referrer": "河钢集团", "referred": "d"},
    {"referrer": "河钢", "referred": "f"},
]
BOUGHT: list[Row] = [
    {"customer": id, "at": "2024-01-01", "revenue": revenue}
    for id, revenue in (("a", "1"), ("b", "2"), ("c", "4"))
]


def test_three_spellings_of_one_firm_become_one_customer() -> None:
    data = admit(ONE_FIRM, SPELLINGS, NAMED, BOUGHT)
    assert set(data.customers.filter(~pl.col("stub"))["id"]) == {"a", "d", "e"}
    firm = data.customers.filter(id="a").row(0, named=True)
    assert (firm["revenue"], firm["phone"], str(firm["joined"])) == (
        127,
        "13800000001",
        "2019-01-01",
    )
    assert pairs(data) == {("a", "d"), ("d", "a"), ("a", "e"), ("a", "f")}
    assert data.orders is not None
    assert data.orders["customer"].to_list() == ["a"] * 3
    assert data.orders["revenue"].sum() == 7


def test_phone_of_a_merged_customer_means_its_firm() -> None:
    both = [{**row, "phone": "13800000001"} for row in SPELLINGS[:3]]
    referrals: list[Row] = [{"referrer": "138 0000 0001", "referred": "d"}]
    data = admit(ONE_FIRM, [*both, *SPELLINGS[3:]], referrals, [])
    assert ("a", "d") in pairs(data)


def test_merged_customers_are_counted_and_the_rows_tie() -> None:
    data = admit(ONE_FIRM, SPELLINGS, NAMED, BOUGHT)
    assert count_rows(data)["customers"] == (5, 3, 0, 2)
    assert count_rows(data)["matches"] == (2, 2, 0, 0)
    found = data.findings.filter(code="merged-customer").sort("members")
    assert found["members"].to_list() == [["b", "a"], ["c", "a"]]
    assert found["line"].to_list() == [3, 4]
    assert dict(data.warnings)["merged-customer"] == 2


def test_merged_data_equal_data_written_with_one_spelling() -> None:
    merged = admit(ONE_FIRM, SPELLINGS, NAMED, BOUGHT)
    firm = {**SPELLINGS[0], "revenue": "127", "joined": "2019-01-01", "phone": "13800000001"}
    people: list[Row] = [
        {**firm, "referred_by": "d"},
        SPELLINGS[3],
        {**SPELLINGS[4], "referred_by": "a"},
    ]
    referrals = [{**row, "referrer": "a"} for row in NAMED]
    clean = admit([], people, referrals, [{**row, "customer": "a"} for row in BOUGHT])
    assert merged.fingerprint == clean.fingerprint


def test_referral_within_one_firm_is_a_self_referral() -> None:
    data = admit(ONE_FIRM, SPELLINGS, [{"referrer": "a", "referred": "b"}], [])
    assert ("self-referral", "a") in find_codes(data)


def test_firm_declared_to_be_another_one_is_a_conflict_and_is_not_merged() -> None:
    rows = [*ONE_FIRM, *decide(("c", "a", "no"), kind="same firm")]
    data = admit(rows, SPELLINGS, NAMED, BOUGHT)
    codes = data.rejects.filter(file="matches.csv")["code"].to_list()
    assert codes == ["match-conflicts"] * 2
    assert data.customers.filter(~pl.col("stub")).height == 5


def test_text_confirmed_for_a_merged_customer_means_its_firm() -> None:
    rows = [*ONE_FIRM, *decide(("河钢股份", "c", "yes"))]
    data = admit(rows, SPELLINGS, [{"referrer": "河钢股份", "referred": "d"}], [])
    assert ("a", "d") in pairs(data)


def test_repair_of_ids_leaves_merged_customers_alone() -> None:
    people: list[Row] = [
        {"id": "9", "name": "x"},
        {"id": "012", "name": "y"},
        {"id": "12", "name": "z"},
    ]
    rows = decide(("012", "9", "yes"), kind="same firm")
    data = admit(rows, people, [{"referrer": "012", "referred": "12"}], [], repair_ids=True)
    assert pairs(data) == {("9", "12")}


IDS = st.sampled_from("abcdefg")
PAIRS = st.lists(st.tuples(IDS, IDS), max_size=8)


@given(PAIRS, PAIRS)
@settings(max_examples=cases(300), deadline=None)
def test_groups_are_the_connected_parts_without_contradiction(
    same: list[tuple[str, str]], different: list[tuple[str, str]]
) -> None:
    reached = {id: {id} for pair in same for id in pair}
    for _ in reached:
        for one, other in same:
            both = reached[one] | reached[other]
            for id in both:
                reached[id] = reached[id] | both
    groups = group_firms(same, different)
    for id, group in reached.items():
        is_refuted = any(one == other for one, other in same if one in group) or any(
            one in group and other in group for one, other in different
        )
        assert (id in groups.refuted) == is_refuted
        targets = {groups.target.get(member, member) for member in group}
        assert is_refuted or len(targets) == 1
        assert targets <= group
