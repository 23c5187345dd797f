"""Findings: each with its members and place, and none for clean data."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.intake_tables import Row, admit
from support.random_cases import cases

from refgraph.model.dataset import Dataset

CLEAN: list[Row] = [
    {"id": "a", "joined": "2020-01-01", "revenue": "10"},
    {"id": "b", "joined": "2021-01-01", "revenue": "20"},
]


def find_cases(data: Dataset, code: str) -> list[tuple[list[str], int | None, str | None]]:
    return (
        data.findings.filter(data.findings["code"] == code)
        .select("members", "line", "detail")
        .rows()
    )


def test_findings_of_clean_data_are_empty() -> None:
    orders = [
        {"customer": "a", "at": "2022-01-01", "revenue": "10"},
        {"customer": "b", "at": "2022-01-01", "revenue": "20"},
    ]
    data = admit(CLEAN, [{"referrer": "a", "referred": "b", "at": "2020-06-01"}], orders)
    assert (data.findings.height, data.rejects.height, data.warnings) == (0, 0, ())


def test_findings_negative_value_names_file_and_line() -> None:
    people = [
        {"id": "a", "revenue": "-1", "volume": "2", "profit": "-3"},
        {"id": "b", "revenue": "0", "volume": "-4", "profit": ""},
    ]
    data = admit(people, orders=[{"customer": "b", "at": "2024-01-01", "revenue": "-9"}])
    assert find_cases(data, "negative-value") == [
        (["a"], 2, "customers.revenue"),
        (["b"], 3, "customers.volume"),
        (["b"], 2, "orders.revenue"),
    ]
    assert data.customers["revenue"].to_list() == [-1, 0]


def test_findings_similar_ids_differ_by_case_or_spaces() -> None:
    data = admit(
        [{"id": i} for i in ("x9", "X9", " x 9", "001", "1", "ß", "B")],
        [{"referrer": "b", "referred": "1"}],
    )
    assert find_cases(data, "similar-ids") == [
        (["B", "b"], None, None),
        ([" x 9", "X9", "x9"], None, None),
    ]


@settings(max_examples=cases(60), deadline=None)
@given(st.integers(-400, 400))
def test_findings_referral_before_joined_is_flagged(days: int) -> None:
    at = date(2021, 1, 1) + timedelta(days)
    data = admit(CLEAN, [{"referrer": "b", "referred": "a", "at": at.isoformat()}])
    assert find_cases(data, "referral-before-joined") == (
        [(["b", "a"], 2, at.isoformat())] if days < 0 else []
    )
    assert data.referrals.height == 1


def test_findings_referral_without_date_is_not_flagged() -> None:
    reported = [
        {"referrer": "b", "referred": "a", "at": ""},
        {"referrer": "x", "referred": "a", "at": "1999-01-01"},
    ]
    assert find_cases(admit(CLEAN, reported), "referral-before-joined") == []


@pytest.mark.parametrize(
    ("column", "parts", "strange"),
    [
        ("10", ["4", "6"], False),
        ("10", ["4", "5.96"], False),
        ("10", ["4", "5.94"], True),
        ("0", ["0.004"], False),
        ("0", ["0.006"], True),
        ("-10", ["-10"], False),
        ("-10", ["10"], True),
        ("", ["7"], False),
    ],
)
def test_findings_value_mismatch_beyond_tolerance_is_flagged(
    column: str, parts: list[str], strange: bool
) -> None:
    orders = [{"customer": "a", "at": "2024-01-01", "revenue": p} for p in parts]
    data = admit([{"id": "a", "revenue": column}, {"id": "b", "revenue": "5"}], orders=orders)
    assert [m for m, *_ in find_cases(data, "value-mismatch")] == ([["a"]] if strange else [])


@settings(max_examples=cases(40), deadline=None)
@given(st.lists(st.floats(0.01, 1e9), min_size=2, max_size=40), st.randoms(use_true_random=False))
def test_findings_value_mismatch_detail_is_same_in_any_order(
    parts: list[float], random: object
) -> None:
    orders: list[Row] = [{"customer": "a", "at": "2024-01-01", "revenue": repr(p)} for p in parts]
    first = find_cases(admit([{"id": "a", "revenue": "-1"}], orders=orders), "value-mismatch")
    random.shuffle(orders)  # type: ignore[attr-defined]
    assert len(first) == 1
    assert (
        find_cases(admit([{"id": "a", "revenue": "-1"}], orders=orders), "value-mismatch") == first
    )
