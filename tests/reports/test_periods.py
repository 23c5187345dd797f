"""Calendar periods: how a range of days is split, and what a period may be called."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from refgraph.errors import UsageError
from refgraph.model.scope import Scope
from refgraph.reports.periods import Period, PeriodLength, parse_period, split_into_periods


@pytest.mark.parametrize(
    ("every", "labels"),
    [
        ("year", ["2023", "2024"]),
        ("quarter", ["2023-Q4", "2024-Q1"]),
        ("month", ["2023-12", "2024-01", "2024-02"]),
    ],
)
def test_split_into_periods_covers_the_range_without_gaps(
    every: PeriodLength, labels: list[str]
) -> None:
    periods = split_into_periods(date(2023, 12, 30), date(2024, 2, 29), every)
    assert [period.label for period in periods] == labels
    assert periods[-1].until == date(2024, 2, 29)
    for earlier, later in pairwise(periods):
        assert later.since == earlier.until + timedelta(days=1)


def test_split_into_periods_beyond_the_limit_is_refused() -> None:
    with pytest.raises(UsageError) as error:
        split_into_periods(date(1900, 1, 1), date(2025, 12, 31), "month")
    assert error.value.id == "too-many-periods"


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-Q3", date(2024, 7, 1), date(2024, 9, 30)),
        ("2024-q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-02-29", None, date(2024, 2, 29)),
    ],
)
def test_parse_period_of_every_form_gives_its_days(
    text: str, since: date | None, until: date
) -> None:
    period = parse_period(text, "then")
    assert (period.since, period.until) == (since, until)


@pytest.mark.parametrize(
    "text", ["", "2024-13", "2024-Q5", "2023-02-29", "last year", "24", "2024-00", "0000"]
)
def test_parse_period_of_anything_else_names_the_option(text: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_period(text, "now")
    assert (error.value.id, error.value.values["option"]) == ("bad-span", "now")


def test_narrow_scope_keeps_the_part_of_the_window_in_the_period() -> None:
    period = Period("2024", date(2024, 1, 1), date(2024, 12, 31))
    scope = period.narrow_scope(Scope(since=date(2024, 6, 1), until=date(2025, 6, 1)))
    assert (scope.since, scope.until) == (date(2024, 6, 1), date(2024, 12, 31))
    assert scope.as_of == date(2024, 12, 31)
