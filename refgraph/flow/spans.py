"""Years, quarters and months of the calendar: cut from a stretch of days, or named by a person."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from refgraph.errors import UsageError
from refgraph.model.scope import Scope

Every = Literal["year", "quarter", "month"]
MONTHS = {"year": 12, "quarter": 3, "month": 1}
MOST = 400
"""Periods in one table; more of them are a slip of the pen."""


@dataclass(frozen=True)
class Span:
    """A stretch of days, both included; ``since`` None = from the beginning."""

    label: str
    since: date | None
    until: date

    def within(self, scope: Scope) -> Scope:
        """The scope as of the last day; its window is the span, or what the window given leaves of it."""
        if self.since is None:
            return replace(scope, as_of=self.until)
        since = max(self.since, scope.since) if scope.since else self.since
        return replace(scope, as_of=self.until, since=since, until=min(self.until, scope.until) if scope.until else self.until)


def cut(first: date, last: date, every: Every) -> list[Span]:
    """All periods of the calendar that touch first .. last, in order; the last one ends on ``last``.

    Raises UsageError ``too-many-periods`` above `MOST`.
    """
    step = MONTHS[every]
    start = (first.year * 12 + first.month - 1) // step
    end = (last.year * 12 + last.month - 1) // step
    if end - start >= MOST:
        raise UsageError("too-many-periods", periods=end - start + 1, most=MOST)
    return [_span(k * step, step, last) for k in range(start, end + 1)]


def _span(month: int, months: int, last: date) -> Span:
    since, after = (date(m // 12, m % 12 + 1, 1) for m in (month, month + months))
    label = {12: f"{since:%Y}", 3: f"{since:%Y}-Q{since.month // 3 + 1}", 1: f"{since:%Y-%m}"}[months]
    return Span(label, since, min(after - timedelta(days=1), last))


def named(text: str, option: str) -> Span:
    """A year ``2024``, quarter ``2024-Q3``, month ``2024-07``, or day: all up to it. Raises UsageError ``bad-span``."""
    found = re.fullmatch(r"(\d{4})(?:-(?:[Qq]([1-4])|(\d\d)(?:-(\d\d))?))?", text.strip())
    try:
        if not found:
            raise ValueError(text)
        year, quarter, month, day = found.groups()
        if day:
            return Span(text.strip(), None, date.fromisoformat(text.strip()))
        first = 3 * (int(quarter) - 1) if quarter else int(month) - 1 if month else 0
        months = 3 if quarter else 1 if month else 12
        if not 0 <= first < 12:
            raise ValueError(text)
        return _span(int(year) * 12 + first, months, date.max)
    except ValueError:
        raise UsageError("bad-span", option=option, value=text) from None
