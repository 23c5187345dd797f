"""A column of text -> dates: the usual ways to write one, and what only the user can decide.

A date that may be read in two ways is read by what is declared, or by what the column itself
proves; else it is a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import polars as pl

from refgraph.intake.date_words import is_zero_date, remove_time, write_months_as_numbers
from refgraph.intake.fault_codes import (
    Remarks,
    find_filled,
    make_clean_codes,
    make_fault_code,
    no_fault,
)
from refgraph.model.date_forms import DAY_ORDERS, is_pattern, split_zone
from refgraph.model.vocabulary import EMPTY_WORDS

UNCLEAR = "unclear"
"""The decision for a column that proves nothing, or contradicts itself."""

_ISO_DATE = r"^\d{4}-\d{1,2}-\d{1,2}$"
_YEAR_FIRST = r"^(\d{4})\s?[-/. 年]\s?(\d{1,2})\s?[-/. 月]\s?(\d{1,2})[日号]?$"
_YEAR = r"(\d{4}|'?\d{2})"
_USUAL_FORMS = (
    (_YEAR_FIRST, "$1-$2-$3"),
    (r"^(\d{4})(\d{2})(\d{2})$", "$1-$2-$3"),
    (r"^(\d{2})年(\d{1,2})月(\d{1,2})[日号]?$", "$1-$2-$3"),
    (r"^(\d{4})[-/. ]?~(\d{1,2})~[-/. ]?(\d{1,2})$", "$1-$2-$3"),
    (rf"^(\d{{1,2}})(?:st|nd|rd|th)?[-/., ]*~(\d{{1,2}})~[-/., ]*{_YEAR}$", "$3-$2-$1"),
    (rf"^~(\d{{1,2}})~[-/., ]*(\d{{1,2}})(?:st|nd|rd|th)?[-/., ]+{_YEAR}$", "$3-$1-$2"),
    (r"^(\d{1,2})[日号]?[-/., ]*(\d{1,2})月[-/., ]*(\d{4})年?$", "$3-$2-$1"),
    (r"^(\d{1,2})月(\d{1,2})[日号]?[-/., ]*(\d{4})年?$", "$3-$1-$2"),
)
"""Ways to write a date that have one meaning, and its parts; ``~5~`` is the name of May."""
_YEAR_LAST = r"^(\d{1,2})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?([12]\d{3})$"
_SHORT_YEAR = r"^(\d{1,2})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?(\d{1,2})$"
_PARTS_BY_ORDER = {"dmy": "$3-$2-$1", "mdy": "$3-$1-$2", "ymd": "$1-$2-$3"}
_MONTHS = (
    (r"^(\d{4})\s?[-/.年]\s?(\d{1,2})月?$", "$1-$2-1"),
    (r"^(\d{4})(0[1-9]|1[0-2])$", "$1-$2-1"),
    (r"^(\d{1,2})[-/.](\d{4})$", "$2-$1-1"),
    (r"^~(\d{1,2})~[-/., ]*(\d{4})$", "$2-$1-1"),
    (r"^(\d{4})[-/., ]*~(\d{1,2})~$", "$1-$2-1"),
)
_SERIAL = r"^[1-7]\d{4}(?:\.\d+)?$"
_UNIX = r"^(?:\d{9,10}|\d{12,13})(?:\.\d+)?$"
_LONG_YEAR = r"\d{4}|^[\d.]*$"
_POSSIBLE_YEARS = (1, 9999)
"""Every calendar library can hold these; other dates become null."""
_MAX_SECONDS = 1e11
"""Larger numbers of Unix time are milliseconds."""
_LAST_TWO_DIGIT_YEAR = 68
"""69 to 99 are years of the 20th century, as in POSIX."""


class DateReading(NamedTuple):
    """The dates of a column, the code of the fault of each cell or null, and what was decided."""

    values: pl.Series
    codes: pl.Series
    remarks: Remarks


def decide_day_order(text: pl.Series) -> str:
    """``dmy`` or ``mdy`` if a number above 12 proves it and none contradicts, else ``unclear``."""
    texts = text.drop_nulls().unique()
    return _find_proven_order(_clean(texts)) or UNCLEAR


def read_dates(text: pl.Series, forms: Sequence[str], order: str = "") -> DateReading:
    """Read a column of dates.

    forms: what is declared for the column: words of `model.date_forms`, which add to the usual
    forms, and patterns of strptime; if all are patterns, they are the only forms.
    order: what `decide_day_order` found for a column of several files; empty = decide here.
    """
    plain = _read_plain_dates(text)
    only_patterns = bool(forms) and all(map(is_pattern, forms))
    is_odd = find_filled(text) & (plain.is_null() | any(map(is_pattern, forms)))
    if not is_odd.any():
        return DateReading(plain, make_clean_codes(text), ())
    cells = text.filter(is_odd).alias("text")
    written = cells.value_counts(name="count")
    read = _read_written(written, forms, only_patterns, order)
    merged = cells.to_frame().join(read.dates, on="text", how="left", maintain_order="left")
    places = is_odd.arg_true()
    values = plain.scatter(places, merged["date"])
    return DateReading(values, make_clean_codes(text).scatter(places, merged["code"]), read.remarks)


def _read_plain_dates(text: pl.Series) -> pl.Series:
    """ISO dates of ten characters; all other cells are null."""
    dates = text.str.to_date("%Y-%m-%d", strict=False)
    is_plain = text.str.contains(r"^\d{4}-\d{2}-\d{2}$") & (dates.dt.year() > 0)
    return pl.select(pl.when(is_plain).then(dates)).to_series()


class _Written(NamedTuple):
    """dates: one row per text, with ``date`` and ``code``."""

    dates: pl.DataFrame
    remarks: Remarks


def _read_written(
    written: pl.DataFrame, forms: Sequence[str], only_patterns: bool, order: str
) -> _Written:
    """Read each way in which a date is written once.

    written: distinct texts and how many cells have each.
    """
    texts = written["text"].str.strip_chars()
    given = [texts.str.to_date(form, strict=False) for form in forms if is_pattern(form)]
    whole = _normalize(texts)
    frame = written.with_columns(clean=_clean(texts), whole=write_months_as_numbers(whole))
    orders = [form for form in forms if form in DAY_ORDERS]
    proven = ""
    if not orders and not only_patterns:
        proven = _find_proven_order(frame["clean"]) if not order else order.replace(UNCLEAR, "")
    ways = [pl.lit(dates) for dates in given]
    if not only_patterns:
        ways += _list_usual_ways(orders or [proven] * bool(proven))
        words = map(split_zone, forms)
        ways += [_DECLARED[word](zone) for word, zone in words if word in _DECLARED]
    is_empty = pl.col("whole").is_in(EMPTY_WORDS) | is_zero_date(pl.col("whole"))
    frame = frame.with_columns(date=pl.coalesce(ways), is_empty=is_empty)
    is_possible = pl.col("date").dt.year().is_between(*_POSSIBLE_YEARS)
    frame = frame.with_columns(date=pl.when(is_possible & ~pl.col("is_empty")).then("date"))
    is_wrong = frame["date"].is_null() & ~frame["is_empty"]
    code = _explain_fault(bool(orders) or only_patterns) if is_wrong.any() else no_fault()
    frame = frame.with_columns(code=code)
    return _Written(frame.select("text", "date", "code"), _list_remarks(frame, orders, proven))


def _normalize(texts: pl.Series) -> pl.Series:
    return texts.str.normalize("NFKC").str.strip_chars().str.to_lowercase()


def _clean(texts: pl.Series) -> pl.Series:
    """Dates without their time, names of months as numbers."""
    return write_months_as_numbers(remove_time(_normalize(texts)))


def _list_usual_ways(orders: Sequence[str]) -> list[pl.Expr]:
    """Dates in `_USUAL_FORMS`, then those of three numbers whose order is known or irrelevant."""
    clean = pl.col("clean")
    ways = [_assemble(clean, pattern, parts) for pattern, parts in _USUAL_FORMS]
    for order in orders:
        parts = _PARTS_BY_ORDER[order]
        ways += [_assemble(clean, _YEAR_LAST, parts), _assemble(clean, _SHORT_YEAR, parts)]
    if orders:
        return ways
    by_day = _assemble(clean, _YEAR_LAST, _PARTS_BY_ORDER["dmy"])
    by_month = _assemble(clean, _YEAR_LAST, _PARTS_BY_ORDER["mdy"])
    only_way = pl.when(by_month.is_null() | (by_day == by_month)).then(by_day)
    return [*ways, only_way, pl.when(by_day.is_null()).then(by_month)]


def _assemble(clean: pl.Expr, pattern: str, parts: str) -> pl.Expr:
    """The date whose parts a pattern finds; null where it does not match."""
    iso = pl.when(clean.str.contains(pattern)).then(clean.str.replace(pattern, parts))
    year = iso.str.extract(r"^'?(\d{2})-").cast(pl.Int64, strict=False)
    century = pl.when(year > _LAST_TWO_DIGIT_YEAR).then(pl.lit("19")).otherwise(pl.lit("20"))
    full = pl.when(year.is_null()).then(iso).otherwise(century + iso.str.strip_chars_start("'"))
    return pl.when(full.str.contains(_ISO_DATE)).then(full).str.to_date("%Y-%m-%d", strict=False)


def _find_proven_order(clean: pl.Series) -> str:
    """``dmy`` or ``mdy`` if a number above 12 proves it and none contradicts, else empty."""
    numbers = clean.str.extract_groups(_YEAR_LAST)
    first, second = (numbers.struct.field(n).cast(pl.Int64, strict=False) for n in ("1", "2"))
    is_day_first = bool(((first > 12) & (first < 32) & (second < 13)).any())
    is_month_first = bool(((second > 12) & (second < 32) & (first < 13)).any())
    if is_day_first == is_month_first:
        return ""
    return "dmy" if is_day_first else "mdy"


def _read_serials(first_day: str) -> pl.Expr:
    """Days as a spreadsheet counts them, with 1900 as a leap year: its day 60 is no date."""
    number = pl.when(pl.col("whole").str.contains(r"^\d{1,7}(?:\.\d+)?$")).then("whole")
    days = number.str.extract(r"^(\d+)").cast(pl.Int64, strict=False)
    origin = pl.lit(first_day).str.to_date("%Y-%m-%d")
    if first_day.startswith("1904"):
        return origin + pl.duration(days=days)
    days = pl.when((days > 0) & (days != 60)).then(
        pl.when(days > 60).then(days - 1).otherwise(days)
    )
    return origin + pl.duration(days=days)


def _read_unix(zone: str) -> pl.Expr:
    """The day in a time zone, empty = UTC, of seconds since 1970, or of milliseconds."""
    number = pl.when(pl.col("whole").str.contains(r"^-?\d{1,14}(?:\.\d+)?$")).then("whole")
    seconds = number.cast(pl.Float64, strict=False)
    seconds = pl.when(seconds.abs() < _MAX_SECONDS).then(seconds).otherwise(seconds / 1000)
    moment = pl.from_epoch(seconds.floor().cast(pl.Int64), "s")
    return moment.dt.replace_time_zone("UTC").dt.convert_time_zone(zone or "UTC").dt.date()


def _read_months() -> pl.Expr:
    """The first day of a month that is written without a day."""
    return pl.coalesce(_assemble(pl.col("whole"), pattern, parts) for pattern, parts in _MONTHS)


_DECLARED: dict[str, Callable[[str], pl.Expr]] = {
    "excel": lambda _: _read_serials("1899-12-31"),
    "excel1904": lambda _: _read_serials("1904-01-01"),
    "unix": _read_unix,
    "month": lambda _: _read_months(),
}
"""Word of a declaration -> the dates that only it reads, in a time zone."""


def _explain_fault(is_declared: bool) -> pl.Expr:
    """The code of a cell that was not read, null for others."""
    is_wrong = pl.col("date").is_null() & ~pl.col("is_empty")
    clean, whole = pl.col("clean"), pl.col("whole")
    if is_declared:
        return make_fault_code((is_wrong, "bad-date"))
    patterns = (_YEAR_LAST, _SHORT_YEAR)
    ways = [_assemble(clean, p, parts) for p in patterns for parts in _PARTS_BY_ORDER.values()]
    is_possible = pl.any_horizontal(way.is_not_null() for way in ways)
    return make_fault_code(
        (is_wrong & is_possible, "ambiguous-date"),
        (is_wrong & whole.str.contains(_SERIAL), "serial-date"),
        (is_wrong & whole.str.contains(_UNIX), "unix-date"),
        (is_wrong & _read_months().is_not_null(), "month-only-date"),
        (is_wrong, "bad-date"),
    )


def _list_remarks(frame: pl.DataFrame, orders: Sequence[str], proven: str) -> Remarks:
    """What was decided about how many cells."""
    counts = {"empty-word": frame["is_empty"]}
    is_read = frame["date"].is_not_null()
    if proven:
        code = "day-first" if proven == "dmy" else "month-first"
        counts[code] = is_read & frame["clean"].str.contains(_YEAR_LAST)
    if not orders:
        counts["short-year"] = is_read & ~frame["clean"].str.contains(_LONG_YEAR)
    sums = ((code, int(frame["count"].filter(mask).sum())) for code, mask in counts.items())
    return tuple((code, count) for code, count in sums if count)
