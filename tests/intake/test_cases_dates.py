"""Dates as spreadsheets, shops and people write them; the right answers are worked by hand."""

from __future__ import annotations

from datetime import date

import pytest
from support.public_cases import read_case

from refgraph.errors import DataError
from refgraph.pipeline.cell_proposals import propose_declarations

SIBLINGS = "04-excel-serial-dates/siblings"
JOINED = "customers.joined"
FIRST_DAYS = [date(2020, 1, 1), date(2020, 2, 1), date(2020, 3, 1)]
LAST = date(2023, 12, 31)


def read_joined(path: str, *forms: str) -> list[date | None]:
    """The dates of a case with four customers."""
    declared = tuple(f"{JOINED}={form}" for form in forms)
    data = read_case(path, rules={"date_format": declared})
    assert data.customers.height == 4
    joined: list[date | None] = data.customers["joined"].to_list()
    return joined


@pytest.mark.parametrize("name", ["ampm", "slash-time", "english", "shopify"])
def test_dates_of_one_meaning_are_read_without_an_option(name: str) -> None:
    assert read_joined(f"{SIBLINGS}/{name}.csv") == [*FIRST_DAYS, LAST]


@pytest.mark.parametrize(
    ("name", "form"), [("month-only", "month"), ("short", "ymd"), ("unix", "unix")]
)
def test_dates_that_need_a_declaration_are_read_with_it(name: str, form: str) -> None:
    last = date(2023, 12, 1) if name == "month-only" else LAST
    assert read_joined(f"{SIBLINGS}/{name}.csv", form) == [*FIRST_DAYS, last]


@pytest.mark.parametrize(
    ("name", "lost", "line"),
    [
        ("month-only", 4, 'date_format.customers.joined = "month"'),
        ("short", 3, 'date_format.customers.joined = "ymd"'),
        ("unix", 2, 'date_format.customers.joined = "unix"'),
        ("mixed", 1, 'date_format.customers.joined = "excel"'),
    ],
)
def test_dates_that_need_a_declaration_cost_their_cells_and_name_it(
    name: str, lost: int, line: str
) -> None:
    data = read_case(f"{SIBLINGS}/{name}.csv")
    assert (data.customers.height, data.customers["joined"].null_count()) == (4, lost)
    (proposal,) = propose_declarations(data)
    assert (proposal.values["cells"], proposal.values["line"]) == (lost, line)


def test_whole_column_of_serial_days_is_an_error_with_the_option() -> None:
    with pytest.raises(DataError) as error:
        read_case("04-excel-serial-dates/customers.csv")
    assert error.value.id == "serial-dates"
    assert (error.value.values["column"], error.value.values["day"]) == (JOINED, date(2020, 1, 1))
    dates = read_joined("04-excel-serial-dates/customers.csv", "excel")
    assert dates == [*FIRST_DAYS, date(2023, 12, 31)]


def test_serial_days_among_other_forms_are_read_with_the_option() -> None:
    dates = read_joined(f"{SIBLINGS}/mixed.csv", "excel")
    assert dates == [date(2020, 1, 1), date(2020, 2, 1), date(2020, 3, 1), date(2020, 3, 1)]


def test_month_first_proven_by_the_column_is_reported() -> None:
    assert read_joined(f"{SIBLINGS}/us.csv") == [
        date(2020, 1, 1),
        date(2020, 2, 1),
        date(2020, 3, 31),
        LAST,
    ]
    remarks = dict(read_case(f"{SIBLINGS}/us.csv").warnings)
    assert remarks == {"month-first customers.joined": 4}


def test_zero_dates_are_empty_and_hash_signs_cost_the_cell() -> None:
    data = read_case(f"{SIBLINGS}/zero.csv")
    assert data.customers["joined"].to_list() == [None, None, date(2020, 3, 1), None]
    assert data.rejects.select("code", "value", "loss").rows() == [("bad-date", "#" * 9, "cell")]
    assert dict(data.warnings)["empty-word"] == 2


def test_each_column_has_its_own_form() -> None:
    data = read_case(f"{SIBLINGS}/two-shapes")
    assert data.customers["joined"].to_list() == [date(2019, 12, 31), date(2020, 2, 15)]
    assert data.orders is not None
    assert data.orders["at"].to_list() == [date(2023, 1, 5), date(2023, 2, 5)]
    assert dict(data.warnings) == {"day-first customers.joined": 2, "time-offset": 2}
    declared = {"date_format": (f"{JOINED}=%d/%m/%Y",)}
    assert read_case(f"{SIBLINGS}/two-shapes", rules=declared).fingerprint == data.fingerprint


def test_dates_and_numbers_are_read_with_what_is_proposed() -> None:
    (proposal,) = propose_declarations(read_case("23-dates-and-numbers"))
    assert proposal.values["line"] == 'date_format.customers.joined = ["month", "excel"]'
    forms = (f"{JOINED}=month", f"{JOINED}=excel")
    data = read_case("23-dates-and-numbers", rules={"date_format": forms})
    assert not data.rejects.height
    named = data.customers.filter(~data.customers["stub"]).sort("id")
    assert named["joined"].to_list() == [
        date(2020, 3, 5),
        date(2021, 4, 1),
        date(2021, 1, 1),
        date(2021, 4, 1),
        date(2021, 4, 1),
    ]
    assert named["revenue"].to_list() == [12_005_000.0, 30_000.0, 5_000_000.0, 120_000.0, 120_000.0]
