"""Text -> dates; Python's date is the oracle."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.intake_tables import cast_one
from support.random_cases import cases

from refgraph.errors import UsageError
from refgraph.intake import dates
from refgraph.intake.cast_rules import CastRules

FORMS = (
    "{y:04}-{m:02}-{d:02}",
    "{y:04}-{m}-{d}",
    "{y:04}/{m}/{d}",
    "{y:04}.{m}.{d}",
    "{y:04}年{m}月{d}日",
    "{y:04}{m:02}{d:02}",
    " {y:04}-{m:02}-{d:02} ",
    "{y:04}-{m:02}-{d:02} 00:00:00",
    "{y:04}-{m:02}-{d:02}T10:00:00.5+08:00",
)


@settings(max_examples=cases(150), deadline=None)
@given(st.integers(0, 9999), st.integers(0, 13), st.integers(0, 32), st.sampled_from(FORMS))
def test_cast_date_with_year_first_reads_date(year: int, month: int, day: int, form: str) -> None:
    try:
        expected: object = date(year, month, day)
    except ValueError:
        is_zero = (year, month, day) in ((0, 0, 0), (1900, 1, 0)) and "年" not in form
        expected = None if is_zero and form != FORMS[5] and "T" not in form else "bad-date"
    assert cast_one("joined", form.format(y=year, m=month, d=day)) == expected


@pytest.mark.parametrize("text", ["03/04/2020", "3.4.20", "24-02-29", "10/11/1999"])
def test_cast_date_with_year_last_is_ambiguous(text: str) -> None:
    assert cast_one("joined", text) == "ambiguous-date"


@pytest.mark.parametrize(
    "text",
    [
        "2024",
        "soon",
        "-2024-01-01",
        "2024-02-29x",
        "99999-01-01",
        "2024-01-01 25:00",
        "1/1/1",
    ],
)
def test_cast_date_of_other_text_is_fault(text: str) -> None:
    assert cast_one("joined", text) == "bad-date"


@pytest.mark.parametrize(
    ("form", "text", "value"),
    [
        ("%d/%m/%Y", "03/04/2020", date(2020, 4, 3)),
        ("%m/%d/%Y", "03/04/2020", date(2020, 3, 4)),
        ("%d.%m.%y", " 03.04.20 ", date(2020, 4, 3)),
        ("%d/%m/%Y", "2020-04-03", "bad-date"),
        ("%d/%m/%Y", "31/02/2020", "bad-date"),
        ("%d/%m/%Y", "03/04/-200", "bad-date"),
    ],
)
def test_cast_date_with_format_reads_only_that_format(form: str, text: str, value: object) -> None:
    assert cast_one("joined", text, CastRules(date_format=form)) == value


def test_cast_rules_date_format_without_year_raises_usage_error() -> None:
    with pytest.raises(UsageError) as error:
        CastRules(date_format="%Q")
    assert error.value.id == "bad-date-format"


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["12/05/2024", "03/12/2024"], ""),
        (["13/05/2024"], "dmy"),
        (["31/12/2024"], "dmy"),
        (["32/12/2024"], ""),
        (["13/13/2024"], ""),
        (["05/13/2024"], "mdy"),
        (["12/31/2024"], "mdy"),
        (["12/32/2024"], ""),
        (["13/05/2024", "05/13/2024"], ""),
    ],
)
def test_order_of_day_and_month_is_proven_by_a_number_above_12_only(
    texts: list[str], order: str
) -> None:
    assert dates._find_proven_order(pl.Series(texts)) == order
