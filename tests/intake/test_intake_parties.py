"""Which party is meant: ids, names, lists of them, unknown parties, repeated referrals."""

from __future__ import annotations

from datetime import date

import pytest
from support.intake_tables import Row, admit, codes, count_rows

from refgraph.model.dataset import Dataset
from refgraph.model.vocabulary import UNKNOWN_WORDS

PEOPLE: list[Row] = [
    {"id": "a", "name": "甲"},
    {"id": "b", "name": "乙"},
    {"id": "c", "name": "a"},
    {"id": "d", "name": "丁、戊"},
]


def pairs(data: Dataset) -> list[tuple[str, str]]:
    return sorted(data.referrals.select("referrer", "referred").iter_rows())


def referrers(cell: str) -> list[str]:
    """The referrers that a cell of the column referred_by means."""
    people = [{**p, "referred_by": ""} for p in PEOPLE]
    return [r for r, _ in pairs(admit([*people, {"id": "z", "name": "z", "referred_by": cell}]))]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("a", ["a"]),
        ("a；b", ["a", "b"]),
        ("a;b、c|x", ["a", "b", "c", "x"]),
        ("a;b、y|x", ["a", "b、y", "x"]),
        ("a / x", ["a / x"]),
        (" 甲 ； b ", ["a", "b"]),
        ("乙;", ["b"]),
        ("a;a", ["a"]),
        (";;", []),
        ("丁、戊", ["d"]),
        ("甲;a", ["a"]),
        ("a,b", ["a", "b"]),
        (" a", [" a"]),
        ("", []),
        ("甲甲", ["甲甲"]),
    ],
)
def test_referred_by_cell_is_split_at_separators(cell: str, found: list[str]) -> None:
    assert referrers(cell) == found


@pytest.mark.parametrize("word", [*UNKNOWN_WORDS, "N/A", " 无 ", "无;未知", "Unknown"])
def test_referred_by_word_for_unknown_names_nobody(word: str) -> None:
    assert referrers(word) == []


def test_referred_by_word_for_unknown_that_is_an_id_names_it() -> None:
    assert pairs(
        admit([{"id": "none", "referred_by": ""}, {"id": "b", "referred_by": "none"}])
    ) == [("none", "b")]


def test_resolve_parties_prefers_id_and_counts_names() -> None:
    data = admit(
        PEOPLE,
        [
            {"referrer": "a", "referred": "乙"},
            {"referrer": "甲", "referred": "c"},
            {"referrer": "甲", "referred": "d"},
        ],
    )
    assert pairs(data) == [("a", "b"), ("a", "c"), ("a", "d")]
    assert data.warnings == (("matched-by-name", 3),)
    assert not data.findings.height


def test_resolve_parties_ambiguous_name_stays_unknown_and_is_flagged() -> None:
    data = admit(
        [{"id": "a", "name": "甲"}, {"id": "b", "name": "甲"}, {"id": "c", "name": ""}],
        [{"referrer": "甲", "referred": "c"}],
    )
    assert pairs(data) == [("甲", "c")]
    found = data.findings.select("code", "members", "file", "line", "detail").sort("code").rows()
    assert found == [
        ("ambiguous-name", ["甲"], "referrals.csv", 2, "2"),
        ("unknown-party", ["甲"], "referrals.csv", 2, None),
    ]


def test_referrals_to_self_by_id_or_name_are_rejected() -> None:
    data = admit(
        PEOPLE,
        [
            {"referrer": "a", "referred": "a"},
            {"referrer": "甲", "referred": "a"},
            {"referrer": "x", "referred": "x"},
            {"referrer": "a", "referred": "b"},
        ],
    )
    assert (pairs(data), codes(data), count_rows(data)["referrals"]) == (
        [("a", "b")],
        ["self-referral"] * 3,
        (4, 1, 3, 0),
    )
    assert data.rejects["line"].to_list() == [2, 3, 4]
    assert data.rejects["raw"].to_list() == ["a,a", "甲,a", "x,x"]
    assert "x" not in data.customers["id"]


@pytest.mark.parametrize(
    ("days", "kept"),
    [
        (["2024-02-02", "2024-01-01"], date(2024, 1, 1)),
        (["", "2024-01-01"], date(2024, 1, 1)),
        (["2024-01-01", "2024-01-01"], date(2024, 1, 1)),
        (["", ""], None),
    ],
)
def test_referrals_of_same_pair_keep_earliest_date(days: list[str], kept: date | None) -> None:
    for order in (days, days[::-1]):
        data = admit(PEOPLE, [{"referrer": "a", "referred": "b", "at": d} for d in order])
        assert (data.referrals["at"].to_list(), count_rows(data)["referrals"]) == (
            [kept],
            (2, 1, 0, 1),
        )


def test_referrals_of_same_pair_prefer_one_that_is_not_void() -> None:
    rows = [
        {"referrer": "a", "referred": "b", "at": "2020-01-01", "status": "作废"},
        {"referrer": "a", "referred": "b", "at": "2024-01-01", "status": ""},
    ]
    for order in (rows, rows[::-1]):
        assert admit(PEOPLE, order).referrals.select("at", "status").rows() == [
            (date(2024, 1, 1), None)
        ]


def test_referrals_in_both_directions_are_two_referrals() -> None:
    people = [{"id": "a", "referred_by": "b"}, {"id": "b", "referred_by": "a"}]
    data = admit(people, [{"referrer": "a", "referred": "b", "at": "2024-01-01"}])
    assert pairs(data) == [("a", "b"), ("b", "a")]
    assert data.ledger.select("file", "table", "read", "used", "rejected", "duplicates").rows() == [
        ("customers.csv", "customers", 2, 2, 0, 0),
        ("referrals.csv", "referrals", 1, 1, 0, 0),
        ("customers.csv", "referrals", 2, 1, 0, 1),
    ]


def test_unknown_parties_become_stubs_with_role() -> None:
    reported = [("x", "a"), ("a", "y"), ("y", "z"), ("b", "z")]
    data = admit(PEOPLE, [{"referrer": r, "referred": d} for r, d in reported])
    stubs = (
        data.customers.filter("stub")
        .select("id", "role", "status", "name", "file")
        .sort("id")
        .rows()
    )
    assert stubs == [
        ("x", "outside", None, None, None),
        ("y", "outside", None, None, None),
        ("z", "customer", "prospect", None, None),
    ]
    found = data.findings.select("code", "members", "line").rows()
    assert found == [
        ("unknown-party", ["x"], 2),
        ("unknown-party", ["y"], 3),
        ("unknown-party", ["z"], 4),
    ]
    assert not data.rejects.height


def test_referrals_of_unknown_parties_with_strict_are_rejected() -> None:
    data = admit(
        PEOPLE,
        [
            {"referrer": "x", "referred": "a"},
            {"referrer": "a", "referred": "b"},
            {"referrer": "x", "referred": "x"},
        ],
        strict=True,
    )
    assert (pairs(data), codes(data), data.customers["stub"].any()) == (
        [("a", "b")],
        ["unknown-party", "self-referral"],
        False,
    )


def test_ledger_counts_each_name_in_referred_by_as_row() -> None:
    data = admit(
        [{"id": "a", "referred_by": "a;x;b;b"}, {"id": "b", "referred_by": ""}], strict=True
    )
    assert (count_rows(data)["referrals"], codes(data)) == (
        (4, 1, 2, 1),
        ["self-referral", "unknown-party"],
    )


def test_orders_and_affiliations_of_unknown_customers_are_rejected() -> None:
    orders = [{"customer": c, "at": "2024-01-01"} for c in ("a", "甲", "x", "A")]
    data = admit(PEOPLE, [{"referrer": "x", "referred": "a"}], orders)
    assert data.orders is not None
    # a unique name is a customer; a party only named, and an id in another case, are none
    assert data.orders["customer"].to_list() == ["a", "a"]
    assert data.rejects.select("code", "value").rows() == [("unknown-id", "x"), ("unknown-id", "A")]
