"""Dates that may stand for an unknown day are told, and used as written."""

from __future__ import annotations

import pytest
from support.toys import company

from refgraph.model.dataset import Dataset


def read(joined: list[str | None], orders: list[str] = []) -> Dataset:  # noqa: B006
    people = {f"C{k:02}": {"joined": day} for k, day in enumerate(joined)}
    placed = [{"customer": "C00", "at": day} for day in orders]
    return company(people, [("C00", "C01")], placed)


def list_remarks(data: Dataset) -> dict[str, int]:
    return {code: n for code, n in data.warnings if "-date " in code}


SPREAD = [f"20{10 + k}-0{1 + k % 9}-11" for k in range(12)]


@pytest.mark.parametrize("day", ["1900-01-01", "1970-01-01", "1899-12-30", "9999-12-31"])
def test_placeholder_is_reported_with_its_column_and_cells(day: str) -> None:
    data = read([*SPREAD, day, day, None])
    assert list_remarks(data) == {f"placeholder-date customers.joined: {day}": 2}
    assert data.customers["joined"].is_not_null().sum() == 14


def test_day_that_most_rows_share_is_reported_from_ten_cells_on() -> None:
    many = ["2015-01-01"] * 13
    assert list_remarks(read([*SPREAD, *many])) == {"shared-date customers.joined: 2015-01-01": 13}
    assert list_remarks(read([*SPREAD, *many[:12]])) == {}
    assert list_remarks(read(many[:9])) == {}
    assert list_remarks(read(many[:10])) == {"shared-date customers.joined: 2015-01-01": 10}


def test_orders_of_one_day_are_usual_and_placeholders_are_not() -> None:
    assert list_remarks(read(SPREAD, ["2024-01-01"] * 20)) == {}
    found = list_remarks(read(SPREAD, ["2024-01-01"] * 20 + ["1970-01-01"]))
    assert found == {"placeholder-date orders.at: 1970-01-01": 1}


def test_placeholders_hide_no_day_that_the_others_share() -> None:
    found = list_remarks(read(["1970-01-01"] * 30 + ["2015-01-01"] * 10))
    assert found == {
        "placeholder-date customers.joined: 1970-01-01": 30,
        "shared-date customers.joined: 2015-01-01": 10,
    }
