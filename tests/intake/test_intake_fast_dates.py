"""Dates in every usual form, alone and in columns; Python's datetime is the oracle."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.random_cases import cases

from refgraph.intake.cast import cast_column, try_fast_cast
from refgraph.intake.cast_rules import CastRules
from refgraph.intake.dates import read_dates
from refgraph.intake.mapping import MappedColumn
from refgraph.model.fields import find_field

MONTHS = "January February March April May June July August September October November December"
CHINESE = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
# Years that two digits can stand for: 69 means 1969, as in POSIX.
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2068, 12, 31))
FORMS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%Y%m%d%H%M%S",
    "%Y年%m月%d日",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%fZ",
    "%Y-%m-%d %H:%M:%S +0800",
    "%Y-%m-%dT%H:%M-05:00",
    "%Y/%m/%d %I:%M %p",
    "%Y/%m/%d %p %I:%M:%S",
    "%d {month} %Y",
    "{month} %d, %Y",
    "{short} %d, %Y at %I:%M %p",
    "%d-{short}-%Y",
    "{weekday}, %d {short} %Y %H:%M:%S GMT",
    "%Y年{chinese}月%d日 %H时%M分",
)
WORDS = ("uncertain", "abc", "2020-13-01", "2020-02-30", "99999-01-01", "Foo 1, 2020", "25:00")


def write(moment: datetime, form: str) -> str:
    """A moment in a form, with English names whatever the locale."""
    month = MONTHS.split()[moment.month - 1]
    weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[moment.weekday()]
    noon = "AM" if moment.hour < 12 else "PM"
    names = {"month": month, "short": month[:3], "weekday": weekday}
    form = form.format(**names, chinese=CHINESE[moment.month - 1]).replace("%p", noon)
    return moment.strftime(form)


def read(texts: list[str], *forms: str) -> list[date | None]:
    """What a column of dates is read as."""
    return read_dates(pl.Series("x", texts, pl.String), forms).values.to_list()


@settings(max_examples=cases(300), deadline=None)
@given(st.lists(st.tuples(MOMENTS, st.sampled_from(FORMS)), min_size=1, max_size=6))
def test_several_forms_in_one_column_are_read(cells: list[tuple[datetime, str]]) -> None:
    assert read([write(*cell) for cell in cells]) == [moment.date() for moment, _ in cells]


@settings(max_examples=cases(150), deadline=None)
@given(st.lists(MOMENTS, min_size=1, max_size=6), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]))
def test_order_of_day_and_month_is_proven_or_left_open(days: list[datetime], form: str) -> None:
    found = read([day.strftime(form) for day in days])
    if any(day.day > 12 for day in days):
        assert found == [day.date() for day in days]
    else:
        assert found == [day.date() if day.day == day.month else None for day in days]


@settings(max_examples=cases(100), deadline=None)
@given(st.lists(MOMENTS, min_size=1, max_size=6), st.sampled_from("-/. "))
def test_declared_order_is_read(days: list[datetime], sign: str) -> None:
    for order, form in (("dmy", "%d %m %Y"), ("mdy", "%m %d %y"), ("ymd", "%y %m %d")):
        written = [day.strftime(form.replace(" ", sign)) for day in days]
        assert read(written, order) == [day.date() for day in days]


@settings(max_examples=cases(100), deadline=None)
@given(st.lists(MOMENTS, min_size=1, max_size=6))
def test_days_of_spreadsheets_and_seconds_are_read_if_declared(moments: list[datetime]) -> None:
    days = [moment.date() for moment in moments]
    since_1900 = [str((day - date(1899, 12, 30)).days) + ".25" for day in days]
    since_1904 = [str((day - date(1904, 1, 1)).days) for day in days]
    utc = [moment.replace(microsecond=0, tzinfo=UTC) for moment in moments]
    seconds = [str(int(moment.timestamp())) for moment in utc]
    milliseconds = [str(int(moment.timestamp()) * 1000) for moment in utc]
    assert read(since_1900, "excel") == read(since_1904, "excel1904") == days
    assert read(seconds, "unix") == days
    late = [k for k, m in enumerate(utc) if m - timedelta(days=1200) > utc[0].replace(1970, 1, 1)]
    assert [read(milliseconds, "unix")[k] for k in late] == [days[k] for k in late]


@pytest.mark.parametrize(
    ("number", "day"),
    [("1", date(1900, 1, 1)), ("59", date(1900, 2, 28)), ("60", None), ("61", date(1900, 3, 1))],
)
def test_serial_day_60_never_was(number: str, day: date | None) -> None:
    assert read([number], "excel") == [day]


@settings(max_examples=cases(300), deadline=None)
@given(st.text("0123456789-+/. 年月日:TZapm", max_size=14) | st.sampled_from(WORDS))
def test_any_text_is_read_or_has_a_code(text: str) -> None:
    reading = read_dates(pl.Series([text], dtype=pl.String), ())
    is_blank = not text.strip() or text.strip() in ("-", "--", "/")
    assert (reading.values[0] is not None) + (reading.codes[0] is not None) == 1 - is_blank


@settings(max_examples=cases(150), deadline=None)
@given(st.lists(st.dates(max_value=date(9999, 12, 31)).map(str) | st.none(), max_size=5))
def test_fast_date_cast_equals_full_cast(texts: list[str | None]) -> None:
    field = find_field("customers", "joined")
    assert field
    column, mapped = pl.Series("x", texts, pl.String), MappedColumn(field, "x")
    quickly = try_fast_cast(column, mapped, CastRules())
    carefully = cast_column(column, mapped, CastRules())
    expected = [None if text is None else date.fromisoformat(text) for text in texts]
    assert quickly
    assert quickly.values.to_list() == carefully.values.to_list() == expected


@pytest.mark.parametrize(
    "text", ["+2024-2-29", "-024-02-29", "10000-10-1", "24-02-0029", "2024-02-30", "2024-1-1 25:00"]
)
def test_date_in_lenient_form_is_refused(text: str) -> None:
    assert read([text, "2024-02-29"]) == [None, date(2024, 2, 29)]
