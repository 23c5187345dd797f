"""Text -> ids, numbers and words; Python's float and Fraction are the oracles."""

from __future__ import annotations

import math
import re
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.intake_tables import admit, cast_one, codes
from support.random_cases import cases

from refgraph.intake.cast import MAX_ID_BYTES
from refgraph.intake.cast_rules import CastRules
from refgraph.intake.numbers import MAX_NUMBER

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
UNITS = {"元": 1, "万元": 10**4, "亿元": 10**8}


def test_cast_id_keeps_text_as_written() -> None:
    ids = [
        "001",
        "1",
        "1e5",
        "12345678901234567890",
        " 1 ",
        "1.0",
        "A",
        "a",
        "Ａ",
        "é",
        "e\u0301",
        "\u200b1",
        "😀",
    ]
    arcs = [{"referrer": x, "referred": y} for x, y in zip(ids, ids[1:], strict=False)]
    data = admit(
        [{"id": i} for i in ids],
        arcs,
        [{"customer": i, "at": "2024-01-01", "order_id": i} for i in ids],
    )
    assert data.customers["id"].to_list() == ids
    assert data.referrals["referrer"].to_list() == ids[:-1]
    assert data.orders is not None
    assert sorted(data.orders["customer"]) == sorted(data.orders["order_id"]) == sorted(ids)
    assert not data.rejects.height


def test_cast_id_with_trim_strips_outer_spaces() -> None:
    rows = [{"id": " 1 ", "referred_by": ""}, {"id": "2\u3000", "referred_by": " 1"}]
    data = admit(rows, [{"referrer": "1 ", "referred": " 2"}], rules=CastRules(trim=True))
    assert data.customers["id"].to_list() == ["1", "2"]
    assert data.referrals.select("referrer", "referred").rows() == [("1", "2")]
    assert not data.findings.height
    assert admit(rows).customers["id"].to_list() == [" 1 ", "2\u3000", " 1"]


def test_cast_id_missing_or_too_long_is_fault() -> None:
    rows = [
        {"id": "x" * MAX_ID_BYTES},
        {"id": "x" * (MAX_ID_BYTES + 1)},
        {"id": ""},
        {"id": "客" * (MAX_ID_BYTES // 3 + 1)},
    ]
    assert codes(admit(rows)) == ["id-too-long", "missing-id", "id-too-long"]
    assert codes(admit([{"id": "  "}], rules=CastRules(trim=True))) == ["missing-id"]
    assert codes(admit([{"id": "a"}], [{"referrer": "", "referred": "a"}])) == ["missing-id"]
    assert codes(admit([{"id": "a"}], orders=[{"customer": "a", "at": ""}])) == ["missing-value"]


@settings(max_examples=cases(400), deadline=None)
@given(
    st.text("0123456789.eE+-", min_size=1, max_size=9)
    | st.floats().map(repr)
    | st.decimals().map(str),
    st.sampled_from(list(UNITS)),
)
def test_cast_number_rounds_correctly_or_is_fault(text: str, unit: str) -> None:
    found = cast_one(f"revenue({unit})", text)
    if re.fullmatch(r"\d[^-]*-", text):  # a minus behind the number
        text = f"-{text[:-1]}"
    exact = (
        Fraction(text) * UNITS[unit]
        if NUMBER.fullmatch(text) and abs(int(text.lower().partition("e")[2] or 0)) < 1000
        else None
    )
    try:
        expected = None if exact is None else float(exact)
    except OverflowError:
        expected = None
    if text in ("-", "--"):
        assert found is None  # words for none
    elif re.fullmatch(r"[+-]?[1-9]\d{0,2}\.\d{3}", text):
        assert found == "ambiguous-number"  # 1.000 may be 1 or 1000
    elif expected is not None and abs(expected) >= MAX_NUMBER:
        assert found == "number-too-large"
    elif expected is None and NUMBER.fullmatch(text) and found != "bad-number":
        assert found == 0  # an exponent below anything a float holds
    else:
        assert found == ("bad-number" if expected is None else expected)


def test_cast_number_with_unit_is_exact() -> None:
    point = CastRules(decimal="point")
    assert cast_one("revenue(万元)", "12.345", point) == 123450.0
    assert [cast_one("volume(kg)", t) for t in ("1", "0.1", "1.1e3", "3e-2", "100100")] == [
        0.001,
        0.0001,
        1.1,
        0.00003,
        100.1,
    ]
    assert cast_one("revenue(万元)", "1e99999999999999999999") == "bad-number"
    assert (
        admit([{"id": "b"}], [{"referrer": "a", "referred": "b", "share(%)": "35"}]).referrals[
            "share"
        ][0]
        == 0.35
    )


@pytest.mark.parametrize(
    "text",
    [
        "nan",
        "NaN",
        "inf",
        "-inf",
        "Infinity",
        "1e400",
        "-1e400",
        "5%",
        "0x1F",
        "1_0",
        "٣",
        "--1",
        "1 2",
    ],
)
def test_cast_number_of_other_text_is_fault(text: str) -> None:
    for column in ("revenue", "revenue(万元)", "volume(kg)"):
        assert cast_one(column, text) == "bad-number"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.50", 1234.5),
        ("1，234，567", 1234567.0),
        ("3.5万", 35000.0),
        ("0.1 亿", 1e7),
        ("￥1,200", 1200.0),
        ("$ 12", 12.0),
        ("-€3", -3.0),
        ("(1,234.50)", -1234.5),
        ("1 234", 1234.0),
        ("1,234万", 12340000.0),
        ("7", 7.0),
    ],
)
def test_cast_number_with_loose_numbers_reads_groups_and_magnitudes(
    text: str, value: float
) -> None:
    assert cast_one("revenue", text, CastRules(loose_numbers=True)) == value


@pytest.mark.parametrize(
    "text",
    [
        "1,5",
        "12,34",
        "1.234,5",
        "1,2345",
        "1234,567",
        "1,234,5",
        ",5",
        "nan",
        "inf万",
        "1e400",
        "约3万",
        "3万5",
    ],
)
def test_cast_loose_number_with_misplaced_comma_is_fault(text: str) -> None:
    assert cast_one("revenue", text, CastRules(loose_numbers=True)) == "bad-number"


@pytest.mark.parametrize(
    ("text", "good"),
    [("0.5", True), ("1", True), ("0", False), ("-0.1", False), ("1.01", False), ("", True)],
)
def test_cast_share_outside_0_to_1_is_fault(text: str, good: bool) -> None:
    data = admit([{"id": "b"}], [{"referrer": "a", "referred": "b", "share": text}])
    assert codes(data) == ([] if good else ["bad-share"])


def test_cast_empty_cell_is_null_without_fault() -> None:
    data = admit([{"id": "a", "joined": "  ", "revenue": "\u3000", "status": " "}])
    assert data.customers.select("joined", "revenue", "status").row(0) == (None, None, None)


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("role", "员工", "staff"),
        ("role", " Employee ", "staff"),
        ("status", "已成交", "closed"),
        ("status", "WON", "closed"),
        ("status", "作废", "void"),
        ("status", "maybe", "unknown-word"),
        ("role", "boss", "unknown-word"),
        ("kind", "经销商", "dealer"),
        ("kind", "Friend", "Friend"),
        ("potential", "高", "high"),
        ("ownership", "民营", "private"),
    ],
)
def test_cast_word_gives_canonical_word(column: str, text: str, value: str) -> None:
    assert cast_one(column, text) == value


def test_cast_extreme_number_and_date_keeps_value() -> None:
    data = admit(
        [
            {"id": "a", "revenue": "9e59", "joined": "9999-12-31"},
            {"id": "b", "revenue": "5e-324", "joined": "0001-01-01"},
        ]
    )
    assert data.customers["revenue"].to_list() == [9e59, math.ulp(0)]
    assert data.customers["joined"].to_list() == [date.max, date.min]


@pytest.mark.parametrize(
    ("text", "worth"), [("2亿", 2e8), ("3.5万", 35000.0), ("3.5", 35000.0), ("(3万)", -30000.0)]
)
def test_cast_loose_number_with_magnitude_ignores_that_of_header(text: str, worth: float) -> None:
    assert cast_one("revenue(万元)", text, CastRules(loose_numbers=True)) == worth


def test_cast_loose_number_with_magnitude_uses_unit_of_header() -> None:
    assert cast_one("volume(kg)", "3万", CastRules(loose_numbers=True)) == 30.0
