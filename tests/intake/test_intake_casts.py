"""Text -> ids, numbers, dates and words; the oracles are Python's own float, Fraction and date."""

from __future__ import annotations

import math
import re
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake_tables import admit, codes
from refgraph.intake.cast import ID_LIMIT, Rules

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
UNITS = {"元": 1, "万元": 10**4, "亿元": 10**8}


def one(column: str, text: str, rules: Rules = Rules()) -> object:
    """The value of a single cell, or the code of its fault."""
    data = admit([{"id": "a", column: text}], rules=rules)
    return data.rejects["code"][0] if data.rejects.height else data.customers[re.sub(r"\(.*", "", column)][0]


def test_ids_are_text() -> None:
    ids = ["001", "1", "1e5", "12345678901234567890", " 1 ", "1.0", "A", "a", "Ａ", "é", "e\u0301", "\u200b1", "😀"]
    arcs = [{"referrer": x, "referred": y} for x, y in zip(ids, ids[1:], strict=False)]
    data = admit([{"id": i} for i in ids], arcs, [{"customer": i, "at": "2024-01-01", "order_id": i} for i in ids])
    assert data.customers["id"].to_list() == ids
    assert data.referrals["referrer"].to_list() == ids[:-1]
    assert data.orders is not None
    assert sorted(data.orders["customer"]) == sorted(data.orders["order_id"]) == sorted(ids)
    assert not data.rejects.height


def test_ids_are_trimmed_by_option_only() -> None:
    rows = [{"id": " 1 ", "referred_by": ""}, {"id": "2\u3000", "referred_by": " 1"}]
    data = admit(rows, [{"referrer": "1 ", "referred": " 2"}], rules=Rules(trim=True))
    assert data.customers["id"].to_list() == ["1", "2"]
    assert data.referrals.select("referrer", "referred").rows() == [("1", "2")]
    assert not data.findings.height
    assert admit(rows).customers["id"].to_list() == [" 1 ", "2\u3000", " 1"]


def test_an_id_missing_or_too_long() -> None:
    rows = [{"id": "x" * ID_LIMIT}, {"id": "x" * (ID_LIMIT + 1)}, {"id": ""}, {"id": "客" * (ID_LIMIT // 3 + 1)}]
    assert codes(admit(rows)) == ["id-too-long", "missing-id", "id-too-long"]
    assert codes(admit([{"id": "  "}], rules=Rules(trim=True))) == ["missing-id"]
    assert codes(admit([{"id": "a"}], [{"referrer": "", "referred": "a"}])) == ["missing-id"]
    assert codes(admit([{"id": "a"}], orders=[{"customer": "a", "at": ""}])) == ["missing-value"]


@settings(max_examples=400, deadline=None)
@given(st.text("0123456789.eE+-", min_size=1, max_size=9) | st.floats().map(repr) | st.decimals().map(str), st.sampled_from(list(UNITS)))
def test_numbers_are_correctly_rounded_or_refused(text: str, unit: str) -> None:
    found = one(f"revenue({unit})", text)
    exact = Fraction(text) * UNITS[unit] if NUMBER.fullmatch(text) and abs(int(text.lower().partition("e")[2] or 0)) < 1000 else None
    try:
        expected = None if exact is None else float(exact)
    except OverflowError:
        expected = None
    if expected is None and NUMBER.fullmatch(text) and found != "bad-number":
        assert found == 0  # an exponent below anything a float holds
    else:
        assert found == ("bad-number" if expected is None else expected)


def test_units_are_exact() -> None:
    assert one("revenue(万元)", "12.345") == 123450.0
    assert [one("volume(kg)", t) for t in ("1", "0.1", "1.1e3", "3e-2", "100100")] == [0.001, 0.0001, 1.1, 0.00003, 100.1]
    assert one("revenue(万元)", "1e99999999999999999999") == "bad-number"
    assert admit([{"id": "b"}], [{"referrer": "a", "referred": "b", "share(%)": "35"}]).referrals["share"][0] == 0.35


@pytest.mark.parametrize("text", ["nan", "NaN", "inf", "-inf", "Infinity", "1e400", "-1e400", "1,234.50", "3.5万", "5%", "0x1F", "1_0", "٣", "１", "--1", "1 2"])
def test_what_is_no_number(text: str) -> None:
    for column in ("revenue", "revenue(万元)", "volume(kg)"):
        assert one(column, text) == "bad-number"


@pytest.mark.parametrize(("text", "value"), [
    ("1,234.50", 1234.5), ("1，234，567", 1234567.0), ("3.5万", 35000.0), ("0.1 亿", 1e7), ("￥1,200", 1200.0), ("$ 12", 12.0), ("-€3", -3.0),
    ("(1,234.50)", -1234.5), ("1 234", 1234.0), ("1,234万", 12340000.0), ("7", 7.0),
])  # fmt: skip
def test_loose_numbers(text: str, value: float) -> None:
    assert one("revenue", text, Rules(loose_numbers=True)) == value


@pytest.mark.parametrize("text", ["1,5", "12,34", "1.234,5", "1,2345", "1234,567", "1,234,5", ",5", "nan", "inf万", "1e400", "约3万", "3万5"])
def test_a_comma_that_parts_no_thousands_is_a_fault_even_so(text: str) -> None:
    assert one("revenue", text, Rules(loose_numbers=True)) == "bad-number"


@pytest.mark.parametrize(("text", "good"), [("0.5", True), ("1", True), ("0", False), ("-0.1", False), ("1.01", False), ("", True)])
def test_a_share_is_above_0_and_at_most_1(text: str, good: bool) -> None:
    data = admit([{"id": "b"}], [{"referrer": "a", "referred": "b", "share": text}])
    assert codes(data) == ([] if good else ["bad-share"])


FORMS = ("{y:04}-{m:02}-{d:02}", "{y:04}-{m}-{d}", "{y:04}/{m}/{d}", "{y:04}.{m}.{d}", "{y:04}年{m}月{d}日", "{y:04}{m:02}{d:02}",
         " {y:04}-{m:02}-{d:02} ", "{y:04}-{m:02}-{d:02} 00:00:00", "{y:04}-{m:02}-{d:02}T10:00:00.5+08:00")  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 9999), st.integers(0, 13), st.integers(0, 32), st.sampled_from(FORMS))
def test_dates_with_the_year_first(year: int, month: int, day: int, form: str) -> None:
    try:
        expected: object = date(year, month, day)
    except ValueError:
        expected = "bad-date"
    assert one("joined", form.format(y=year, m=month, d=day)) == expected


@pytest.mark.parametrize("text", ["03/04/2020", "31-12-2020", "3.4.20", "24-02-29", "1/1/1"])
def test_a_date_with_the_year_last_or_short(text: str) -> None:
    assert one("joined", text) == ("bad-date" if text == "1/1/1" else "ambiguous-date")


@pytest.mark.parametrize("text", ["2024年2月", "2024", "soon", "-2024-01-01", "2024-02-29x", "45351", "２０２４-01-01", "99999-01-01"])
def test_what_is_no_date(text: str) -> None:
    assert one("joined", text) == "bad-date"


@pytest.mark.parametrize(("form", "text", "value"), [
    ("%d/%m/%Y", "03/04/2020", date(2020, 4, 3)), ("%m/%d/%Y", "03/04/2020", date(2020, 3, 4)), ("%d.%m.%y", " 03.04.20 ", date(2020, 4, 3)),
    ("%d/%m/%Y", "2020-04-03", "bad-date"), ("%d/%m/%Y", "31/02/2020", "bad-date"), ("%d/%m/%Y", "03/04/-200", "bad-date"), ("%Q", "1", "bad-date"),
])  # fmt: skip
def test_the_format_given_is_the_only_one(form: str, text: str, value: object) -> None:
    assert one("joined", text, Rules(date_format=form)) == value


def test_an_empty_cell_is_no_fault() -> None:
    data = admit([{"id": "a", "joined": "  ", "revenue": "\u3000", "status": " "}])
    assert data.customers.select("joined", "revenue", "status").row(0) == (None, None, None)


@pytest.mark.parametrize(("column", "text", "value"), [
    ("role", "员工", "staff"), ("role", " Employee ", "staff"), ("status", "已成交", "closed"), ("status", "WON", "closed"),
    ("status", "作废", "void"), ("status", "maybe", "unknown-word"), ("role", "boss", "unknown-word"), ("kind", "经销商", "dealer"),
    ("kind", "Friend", "Friend"), ("potential", "高", "high"), ("ownership", "民营", "private"),
])  # fmt: skip
def test_words(column: str, text: str, value: str) -> None:
    assert one(column, text) == value


def test_no_cell_is_beyond_float_or_calendar() -> None:
    data = admit([{"id": "a", "revenue": "1.7976931348623157e308", "joined": "9999-12-31"}, {"id": "b", "revenue": "5e-324", "joined": "0001-01-01"}])
    assert data.customers["revenue"].to_list() == [1.7976931348623157e308, math.ulp(0)]
    assert data.customers["joined"].to_list() == [date.max, date.min]


@pytest.mark.parametrize(("text", "worth"), [("2亿", 2e8), ("3.5万", 35000.0), ("3.5", 35000.0), ("(3万)", -30000.0)])
def test_a_cell_that_names_its_own_magnitude_needs_not_that_of_the_header(text: str, worth: float) -> None:
    assert one("revenue(万元)", text, Rules(loose_numbers=True)) == worth


def test_a_magnitude_in_a_cell_is_counted_in_the_unit_of_the_header() -> None:
    assert one("volume(kg)", "3万", Rules(loose_numbers=True)) == 30.0
