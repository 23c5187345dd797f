"""Years, quarters and months of the calendar: cut from a range of days or parsed from an option."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from refgraph.errors import UsageError
from refgraph.model.scope import Scope

PeriodLength = Literal["year", "quarter", "month"]
MONTHS_PER_PERIOD = {"year": 12, "quarter": 3, "month": 1}
MAX_PERIODS = 400
"""Periods in one table; more are taken for a mistyped date."""
_PERIOD = re.compile(
    r"(?P<year>\d{4})(?:-(?:[Qq](?P<quarter>[1-4])|(?P<month>\d\d)(?:-(?P<day>\d\d))?))?"
)


@dataclass(frozen=True)
class Period:
    """A range of days, both ends included; ``since`` None = from the beginning."""

    label: str
    since: date | None
    until: date

    def narrow_scope(self, scope: Scope) -> Scope:
        """The scope as of the last day, with the part of the period in its window as window."""
        if self.since is None:
            return replace(scope, as_of=self.until)
        since = max(self.since, scope.since) if scope.since else self.since
        until = min(self.until, scope.until) if scope.until else self.until
        return replace(scope, as_of=self.until, since=since, until=until)


def split_into_periods(first: date, last: date, every: PeriodLength) -> list[Period]:
    """All calendar periods that overlap first .. last, in order; the last one ends on ``last``.

    Raises UsageError ``too-many-periods`` above `MAX_PERIODS`.
    """
    months = MONTHS_PER_PERIOD[every]
    start, end = _count_months(first) // months, _count_months(last) // months
    if end - start >= MAX_PERIODS:
        raise UsageError("too-many-periods", periods=end - start + 1, most=MAX_PERIODS)
    return [_build_period(k * months, months, last) for k in range(start, end + 1)]


def _count_months(day: date) -> int:
    """Months from January of year 0 to the month of a day."""
    return day.year * 12 + day.month - 1


def _to_first_day(month: int) -> date:
    """The first day of a month as `_count_months` counts it."""
    return date(month // 12, month % 12 + 1, 1)


def _build_period(month: int, months: int, last: date) -> Period:
    """A period of some months from a month counted from year 0; ends on ``last`` at the latest."""
    since, end = _to_first_day(month), date.max
    if month + months < _count_months(date.max) + 1:
        end = _to_first_day(month + months) - timedelta(days=1)
    labels = {
        12: f"{since:%Y}",
        3: f"{since:%Y}-Q{since.month // 3 + 1}",
        1: f"{since:%Y-%m}",
    }
    return Period(labels[months], since, min(end, last))


def parse_period(text: str, option: str) -> Period:
    """A year ``2024``, a quarter ``2024-Q3``, a month ``2024-07`` or a day.

    A day means everything up to it. Raises UsageError ``bad-span`` with the name of the option.
    """
    match = _PERIOD.fullmatch(text.strip())
    try:
        if not match:
            raise ValueError(text)
        return _parse_match(match)
    except ValueError:
        raise UsageError("bad-span", option=option, value=text) from None


def _parse_match(match: re.Match[str]) -> Period:
    """Raises ValueError for a date that does not exist."""
    january = int(match["year"]) * 12
    if match["day"]:
        return Period(match[0], None, date.fromisoformat(match[0]))
    if match["quarter"]:
        return _build_period(january + 3 * (int(match["quarter"]) - 1), 3, date.max)
    if not match["month"]:
        return _build_period(january, 12, date.max)
    if not 1 <= int(match["month"]) <= 12:
        raise ValueError(match[0])
    return _build_period(january + int(match["month"]) - 1, 1, date.max)
