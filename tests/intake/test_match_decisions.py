"""Confirmed matches are applied and accounted for; nothing else is."""

from __future__ import annotations

import pytest
from support.intake_tables import Row, count_rows
from support.match_tables import PEOPLE, admit, decide, find_codes, pairs

from refgraph.api import build_graph
from refgraph.errors import DataError, UsageError
from refgraph.graph.lookup import find_party_index


def test_confirmed_text_becomes_its_customer_everywhere_with_an_audit_row() -> None:
    data = admit(decide(("河钢", "a", "yes"), ("河钢集团", "a", "是")))
    assert pairs(data) == {("a", "b"), ("a", "c")}
    assert data.orders is not None
    assert data.orders["customer"].to_list() == ["a"]
    audit = data.findings.filter(code="matched-by-confirmed").sort("members")
    assert audit["members"].to_list() == [["河钢", "a"], ["河钢集团", "a"]]
    assert audit["detail"].to_list() == ["2", "1"]
    assert dict(data.warnings)["matched-by-confirmed"] == 3
    assert count_rows(data)["matches"] == (2, 2, 0, 0)


@pytest.mark.parametrize("word", ["", "no", "否", " N "])
def test_proposal_without_a_yes_changes_nothing(word: str) -> None:
    data = admit(decide(("河钢", "a", word)))
    assert ("河钢", "b") in pairs(data)
    assert count_rows(data)["matches"] == (1, 0, 1, 0)
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
    assert count_rows(data)["matches"] == (1, 0, 1, 0)


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
    assert count_rows(data)["matches"] == (2, 1, 1, 0)


@pytest.mark.parametrize(
    ("name", "skipped"),
    [("", 0), ("河北钢铁集团有限公司", 0), (" 河北钢铁集团有限公司", 0), ("恒通管业", 1)],
)
def test_decision_for_a_customer_of_another_name_is_skipped(name: str, skipped: int) -> None:
    data = admit([{**decide(("河钢", "a", "yes"))[0], "name": name}])
    assert dict(data.warnings).get("match-other-name", 0) == skipped
    assert (("a", "b") in pairs(data)) == (not skipped)
    assert count_rows(data)["matches"] == (1, 1 - skipped, skipped, 0)


def test_repeated_decision_counts_once() -> None:
    data = admit(decide(("河钢", "a", "yes"), ("河钢", "a", "Y")))
    assert count_rows(data)["matches"] == (2, 1, 0, 1)


def test_candidate_may_be_the_name_of_one_customer() -> None:
    assert ("a", "b") in pairs(admit(decide(("河钢", "河北钢铁集团有限公司", "yes"))))


def test_decision_does_not_outrank_the_exact_name_of_another_customer() -> None:
    referrals: list[Row] = [{"referrer": "恒通管业", "referred": "b"}]
    data = admit(decide(("恒通管业", "a", "yes")), referrals=referrals, orders=[])
    assert pairs(data) == {("c", "b")}
    assert find_codes(data) == [("match-names-a-customer", "恒通管业")]


def test_decision_for_a_name_of_two_others_is_rejected_and_for_a_merged_one_kept() -> None:
    people = [*PEOPLE, {"id": "d", "name": "瑞丰机械"}]
    data = admit(decide(("瑞丰机械", "a", "yes")), people)
    assert ("match-names-a-customer", "瑞丰机械") in find_codes(data)
    merged = [*decide(("c", "a", "yes"), kind="same-firm"), *decide(("恒通管业", "a", "yes"))]
    referrals: list[Row] = [{"referrer": "恒通管业", "referred": "b"}]
    data = admit(merged, referrals=referrals, orders=[])
    assert find_codes(data) == []
    assert pairs(data) == {("a", "b")}


def test_confirmed_spellings_and_merged_ids_are_names_of_parties_for_every_question() -> None:
    rows = [
        *decide(("河钢", "a", "yes"), ("河钢集团", "a", "yes"), ("老河钢", "a", "yes")),
        *decide(("c", "b", "yes"), kind="same-firm"),
        *decide(("钢厂", "a", "no")),
    ]
    data = admit(rows)
    graph = build_graph(data)
    found = {
        text: graph.parties["id"][find_party_index(graph, text)] for text in ("河钢", "老河钢")
    }
    assert found == {"河钢": "a", "老河钢": "a"}
    assert graph.parties["id"][find_party_index(graph, "c")] == "b"
    with pytest.raises(UsageError, match="unknown-party|钢厂"):
        find_party_index(graph, "钢厂")


def test_exact_name_outranks_a_confirmed_spelling_and_two_bearers_are_decided() -> None:
    people = [*PEOPLE, {"id": "d", "name": "瑞丰机械"}]
    graph = build_graph(admit(decide(("瑞丰机械", "d", "yes")), people))
    assert graph.parties["id"][find_party_index(graph, "瑞丰机械")] == "d"
    graph = build_graph(admit(decide(("恒通管业", "a", "yes"))))
    assert graph.parties["id"][find_party_index(graph, "恒通管业")] == "c"


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
