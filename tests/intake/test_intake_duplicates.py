"""Rows with one id: equal ones are duplicates, conflicting ones are rejected."""

from __future__ import annotations

import polars as pl
import pytest
from support.intake_tables import admit, codes, count_rows, table

from refgraph import intake
from refgraph.intake.duplicates import has_duplicates
from refgraph.model.settings import Settings

ORDER = {"customer": "a", "at": "2024-01-01", "revenue": "5"}


def test_customers_equal_after_casts_are_duplicates() -> None:
    rows = [
        {"id": "a", "revenue": "1.0", "joined": "2024-01-02"},
        {"id": "a", "revenue": "1", "joined": "2024/1/2"},
    ]
    data = admit(rows)
    assert (data.customers.height, count_rows(data)["customers"]) == (1, (2, 1, 0, 1))
    assert data.customers["line"].to_list() == [2]


@pytest.mark.parametrize(
    "other",
    [
        {"id": "a", "revenue": "2", "x": "p"},
        {"id": "a", "revenue": "", "x": "p"},
        {"id": "a", "revenue": "1", "x": "q"},
    ],
)
def test_customers_in_conflict_are_all_rejected_with_raw_text(other: dict[str, str]) -> None:
    rows = [
        {"id": "a", "revenue": "1", "x": "p"},
        {"id": "b", "revenue": "01.0", "x": ""},
        other,
        {"id": "a", "revenue": "1", "x": "p"},
    ]
    data = admit(rows)
    assert data.customers["id"].to_list() == ["b"]
    assert count_rows(data)["customers"] == (4, 1, 3, 0)
    reported = data.rejects.select("line", "code", "column", "value").rows()
    assert reported == [(n, "conflicting-duplicate", "id", "a") for n in (2, 4, 5)]
    assert data.rejects["raw"].to_list() == [",".join(rows[n].values()) for n in (0, 2, 3)]


def test_customers_in_conflict_with_policy_first_keep_first_row() -> None:
    rows = [{"id": "a", "name": n} for n in ("x", "y", "y", "x")]
    data = admit(rows, duplicates="first")
    assert data.customers.select("id", "name").rows() == [("a", "x")]
    assert (count_rows(data)["customers"], data.rejects["line"].to_list()) == ((4, 1, 2, 1), [3, 4])


def test_customers_with_similar_ids_are_not_duplicates() -> None:
    assert count_rows(admit([{"id": i, "name": "x"} for i in ("1", "01", " 1", "1.0", "1e0")]))[
        "customers"
    ] == (5, 5, 0, 0)


def test_orders_without_order_id_are_never_duplicates() -> None:
    for orders in (
        [ORDER, ORDER],
        [{**ORDER, "order_id": ""}] * 2,
        [{**ORDER, "order_id": "1"}, {**ORDER, "order_id": "2"}],
    ):
        assert count_rows(admit([{"id": "a"}], orders=orders))["orders"] == (2, 2, 0, 0)


def test_orders_with_same_order_id_are_merged_or_rejected() -> None:
    equal = admit([{"id": "a"}], orders=[{**ORDER, "order_id": "1"}] * 3)
    assert count_rows(equal)["orders"] == (3, 1, 0, 2)
    rows = [
        {**ORDER, "order_id": "1"},
        {**ORDER, "order_id": "1", "revenue": "6"},
        {**ORDER, "order_id": ""},
    ]
    for policy in ("reject", "first"):  # the policy is about customers
        data = admit([{"id": "a"}], orders=rows, duplicates=policy)
        assert (count_rows(data)["orders"], codes(data)) == (
            (3, 1, 2, 0),
            ["conflicting-duplicate"] * 2,
        )


def test_customers_repeated_in_second_file_count_there() -> None:
    files = [
        table("1.csv", [{"id": "a", "name": "x"}, {"id": "b", "name": "y"}]),
        table("2.csv", [{"name": "x", "id": "a"}, {"name": "z", "id": "b"}]),
    ]
    data = intake.build_dataset({"customers": files}, Settings())
    assert data.ledger.rows() == [
        ("1.csv", "customers", 2, 1, 1, 0, 0, 0),
        ("2.csv", "customers", 2, 0, 1, 1, 0, 0),
    ]


def test_referred_by_of_rejected_customer_is_not_used() -> None:
    rows = [
        {"id": "a", "name": "", "referred_by": ""},
        {"id": "b", "name": "x", "referred_by": "a"},
        {"id": "b", "name": "y", "referred_by": "a"},
    ]
    data = admit(rows)
    assert (data.referrals.height, data.findings.height, data.customers["id"].to_list()) == (
        0,
        0,
        ["a"],
    )
    kept = admit(rows, duplicates="first")
    assert kept.referrals.select("referrer", "referred", "line").rows() == [("a", "b", 3)]
    two = admit(
        [rows[0], {**rows[1], "referred_by": "a"}, {**rows[1], "referred_by": "c"}]
    )  # one customer, two referrers
    assert sorted(two.referrals.select("referrer", "referred").rows()) == [("a", "b"), ("c", "b")]


def test_volume_of_an_order_is_not_added_up_because_orders_without_a_number_differ() -> None:
    lines = [{"order_id": "X", "volume": "5", "product": product} for product in "pq"]
    unnumbered = [{"order_id": "", "volume": volume} for volume in "12"]
    orders = [{**ORDER, **columns} for columns in (*lines, *unnumbered)]
    data = admit([{"id": "a"}], orders=orders)
    assert data.orders is not None
    assert sorted(data.orders["volume"].to_list()) == [1, 2, 5]
    assert data.orders.filter(order_id="X")["product"].to_list() == ["p; q"]
    assert count_rows(data)["orders"] == (4, 3, 0, 1)


@pytest.mark.parametrize(
    ("values", "expected"),
    [(["a", "b"], False), (["a", "b", "a"], True), (["a", None, None], False), ([], False)],
)
def test_has_duplicates_ignores_nulls(values: list[str | None], expected: bool) -> None:
    assert has_duplicates(pl.Series(values, dtype=pl.String)) is expected
