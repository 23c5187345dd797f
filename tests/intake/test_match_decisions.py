"""Confirmed matches are applied and accounted for; nothing else is."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.intake_tables import Row, table, totals
from support.random_cases import cases

from refgraph import intake
from refgraph.errors import DataError
from refgraph.intake.firm_groups import group_firms
from refgraph.model.dataset import Dataset
from refgraph.model.settings import Settings

PEOPLE: list[Row] = [
    {"id": "a", "name": "河北钢铁集团有限公司", "revenue": "100", "joined": "2020-05-01"},
    {"id": "b", "name": "瑞丰机械", "revenue": "20", "joined": "2021-01-01"},
    {"id": "c", "name": "恒通管业", "revenue": "7", "joined": "2022-01-01"},
]
REFERRALS: list[Row] = [
    {"referrer": "河钢", "referred": "b"},
    {"referrer": "河钢集团", "referred": "c"},
]
ORDERS: list[Row] = [{"customer": "河钢", "at": "2024-01-01", "revenue": "5"}]


def decide(*rows: tuple[str, str, str], kind: str = "") -> list[Row]:
    """Rows of a file of matches: written, candidate, confirm."""
    names = ("written", "candidate", "confirm")
    return [{"kind": kind, **dict(zip(names, row, strict=True))} for row in rows]


def admit(
    matches: list[Row],
    customers: list[Row] = PEOPLE,
    referrals: list[Row] = REFERRALS,
    orders: list[Row] = ORDERS,
    **options: bool,
) -> Dataset:
    tables = {"customers": customers, "referrals": referrals, "orders": orders, "matches": matches}
    raws = {name: [table(f"{name}.csv", rows)] for name, rows in tables.items() if rows}
    return intake.build_dataset(raws, Settings(), intake.IntakeOptions(**options))


def pairs(data: Dataset) -> set[tuple[str, str]]:
    return set(data.referrals.select("referrer", "referred").iter_rows())


def find_codes(data: Dataset) -> list[tuple[str, str]]:
    return list(data.rejects.select("code", "value").iter_rows())


def test_confirmed_text_becomes_its_customer_everywhere_with_an_audit_row() -> None:
    data = admit(decide(("河钢", "a", "yes"), ("河钢集团", "a", "是")))
    assert pairs(data) == {("a", "b"), ("a", "c")}
    assert data.orders is not None
    assert data.orders["customer"].to_list() == ["a"]
    audit = data.findings.filter(code="matched-by-confirmed").sort("members")
    assert audit["members"].to_list() == [["河钢", "a"], ["河钢集团", "a"]]
    assert audit["detail"].to_list() == ["2", "1"]
    assert dict(data.warnings)["matched-by-confirmed"] == 3
    assert totals(data)["matches"] == (2, 2, 0, 0)


@pytest.mark.parametrize("word", ["", "no", "否", " N "])
def test_proposal_without_a_yes_changes_nothing(word: str) -> None:
    data = admit(decide(("河钢", "a", word)))
    assert ("河钢", "b") in pairs(data)
    assert totals(data)["matches"] == (1, 0, 1, 0)
    assert not [code for code, _ in find_codes(data) if code.startswith("match")]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("河钢", "zzz", "yes"), "match-unknown-candidate"),
        (("河钢", "", "yes"), "match-unknown-candidate"),
        (("", "a", "yes"), "missing-value"),
        (("b", "a", "yes"), "match-names-an-id"),
        (("河钢", "a", "maybe"), "unknown-word"),
    ],
)
def test_decision_that_cannot_be_applied_is_rejected(row: tuple[str, str, str], code: str) -> None:
    data = admit(decide(row))
    found = data.rejects.filter(file="matches.csv")
    assert found["code"].to_list() == [code]
    assert found["line"].to_list() == [2]
    assert ("河钢", "b") in pairs(data)
    assert totals(data)["matches"] == (1, 0, 1, 0)


@pytest.mark.parametrize(
    "rows",
    [
        [("河钢", "a", "yes"), ("河钢", "b", "yes")],
        [("河钢", "a", "yes"), ("河钢", "a", "no")],
    ],
)
def test_contradicting_decisions_are_rejected(rows: list[tuple[str, str, str]]) -> None:
    data = admit(decide(*rows))
    assert ("match-conflicts", "河钢") in find_codes(data)
    assert ("河钢", "b") in pairs(data)


def test_text_that_stands_nowhere_any_more_is_skipped_and_counted() -> None:
    data = admit(decide(("从前的写法", "a", "yes"), ("河钢", "a", "yes")))
    assert dict(data.warnings)["stale-match"] == 1
    assert totals(data)["matches"] == (2, 1, 1, 0)


def test_repeated_decision_counts_once() -> None:
    data = admit(decide(("河钢", "a", "yes"), ("河钢", "a", "Y")))
    assert totals(data)["matches"] == (2, 1, 0, 1)


def test_candidate_may_be_the_name_of_one_customer() -> None:
    assert ("a", "b") in pairs(admit(decide(("河钢", "河北钢铁集团有限公司", "yes"))))


def test_decision_outranks_the_name_of_another_customer_but_no_id() -> None:
    referrals: list[Row] = [{"referrer": "恒通管业", "referred": "b"}]
    assert pairs(admit(decide(("恒通管业", "a", "yes")), referrals=referrals)) == {("a", "b")}


def test_decision_resolves_a_name_that_two_customers_bear() -> None:
    people = [*PEOPLE, {"id": "d", "name": "瑞丰机械"}]
    referrals: list[Row] = [{"referrer": "瑞丰机械", "referred": "c"}]
    data = admit(decide(("瑞丰机械", "d", "yes")), people, referrals, [])
    assert pairs(data) == {("d", "c")}


def test_cell_with_several_names_splits_once_all_are_confirmed() -> None:
    referrals: list[Row] = [{"referrer": "河钢、瑞丰机械", "referred": "c"}]
    assert pairs(admit([], referrals=referrals)) == {("河钢、瑞丰机械", "c")}
    data = admit(decide(("河钢", "a", "yes")), referrals=referrals)
    assert pairs(data) == {("a", "c"), ("b", "c")}


def test_referrer_column_of_customers_is_covered() -> None:
    people = [PEOPLE[0], {**PEOPLE[1], "referred_by": "河钢"}, PEOPLE[2]]
    assert ("a", "b") in pairs(admit(decide(("河钢", "a", "yes")), people, []))


def test_file_without_the_column_confirm_is_refused() -> None:
    with pytest.raises(DataError) as caught:
        admit([{"written": "河钢", "candidate": "a"}])
    assert caught.value.id == "match-column-missing"


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
    assert totals(data)["customers"] == (5, 3, 0, 2)
    assert totals(data)["matches"] == (2, 2, 0, 0)
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
