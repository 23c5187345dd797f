"""Numbers with separators, signs, magnitudes and units; Python's Decimal is the oracle."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.random_cases import cases

from refgraph.intake.mapping import MappedColumn
from refgraph.intake.numbers import read_numbers
from refgraph.model.fields import find_field

NUMBERS = st.decimals(-(10**9), 10**9, places=2, allow_nan=False)
SIGNS = ("", "¥", "￥ ", "$", "€", "USD ", "HK$")
MAGNITUDES = {"": 1, "万": 10**4, "亿": 10**8, " 万": 10**4}
WIDE = str.maketrans("0123456789.,-()", "０１２３４５６７８９．，－（）")


def read(
    texts: list[str | None], name: str = "revenue", decimal: str = "", power: int = 0
) -> object:
    """The numbers of a column and the codes of its faults."""
    field = find_field("referrals" if name == "share" else "customers", name)
    assert field
    column = pl.Series("x", texts, pl.String)
    reading = read_numbers(column, MappedColumn(field, "x", power), decimal)
    cells = zip(reading.values, reading.codes, strict=True)
    return [value if code is None else code for value, code in cells]


def write_groups(number: Decimal, thousands: str, point: str) -> str:
    """A number with two decimals in the style of a country."""
    return f"{number:,.2f}".replace(",", "T").replace(".", point).replace("T", thousands)


@settings(max_examples=cases(300), deadline=None)
@given(
    st.lists(
        st.tuples(
            NUMBERS, st.sampled_from(SIGNS), st.sampled_from(list(MAGNITUDES)), st.booleans()
        ),
        min_size=1,
        max_size=5,
    ),
    st.booleans(),
)
def test_written_amounts_are_read(
    cells: list[tuple[Decimal, str, str, bool]], has_comma: bool
) -> None:
    thousands, point = (".", ",") if has_comma else (",", ".")
    texts: list[str | None] = []
    for number, sign, magnitude, is_bracketed in cells:
        text = sign + write_groups(abs(number), thousands, point) + magnitude
        if number < 0:
            text = f"({text})" if is_bracketed else f"-{text}"
        texts.append(text.translate(WIDE) if is_bracketed and number > 0 else text)
    expected = [float(number * MAGNITUDES[magnitude]) for number, _, magnitude, _ in cells]
    assert read(texts) == expected


@settings(max_examples=cases(150), deadline=None)
@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=5), st.sampled_from(" '’"))
def test_groups_by_spaces_and_lakhs_are_read(numbers: list[int], sign: str) -> None:
    texts: list[str | None] = [f"{number:,}".replace(",", sign) for number in numbers]
    assert read(texts) == [float(number) for number in numbers]


@settings(max_examples=cases(100), deadline=None)
@given(st.lists(st.integers(1, 999999), min_size=1, max_size=5))
def test_thousands_need_a_declaration_or_a_proof(numbers: list[int]) -> None:
    by_point: list[str | None] = [f"{number:,}".replace(",", ".") for number in numbers]
    has_point = any(number > 999 for number in numbers)
    expected = [
        "ambiguous-number" if number > 999 and has_point else float(number) for number in numbers
    ]
    assert read(by_point) == expected
    assert read([*by_point, "1.234.567"])[:-1] == [float(n) for n in numbers]  # type: ignore[index]
    assert read(by_point, decimal="comma") == [float(number) for number in numbers]
    assert read(by_point, decimal="point") == [float(str(text)) for text in by_point]


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["1,200", "1.000"], ["ambiguous-number"] * 2),
        (["1,200.5", "1.000"], [1200.5, 1.0]),
        (["1.234,50", "1,234.50", "1,234"], [1234.5, 1234.5, "ambiguous-number"]),
        (["-", "N/A", "无", "0"], [None, None, None, 0.0]),
        (["5-", "−5", "- 5"], [-5.0, -5.0, -5.0]),
        (["12000元整", "3万美元", "HK$ 5"], [12000.0, 30000.0, 5.0]),
        (["12,34,567", "1,2,3", "约5万", "5%"], [1234567.0, *["bad-number"] * 3]),
    ],
)
def test_column_of_amounts(texts: list[str | None], values: list[object]) -> None:
    assert read(texts) == values


def test_units_in_cells_take_precedence_over_that_of_the_header() -> None:
    texts: list[str | None] = ["12吨", "500kg", "3万吨", "2 千克", "7"]
    assert read(texts, "volume") == [12.0, 0.5, 30000.0, 0.002, 7.0]
    assert read(texts, "volume", power=-3) == [12.0, 0.5, 30000.0, 0.002, 0.007]
    assert read(["35%", "0.5", "150%"], "share") == [0.35, 0.5, "bad-share"]
