"""csv, tsv and csv-excel against Python's own reader and plain arithmetic."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.render_samples import COLUMNS, read_csv, result

from refgraph.model.message import message
from refgraph.model.result import Column, Result
from refgraph.model.scope import Scope
from refgraph.model.units import Unit
from refgraph.renderers import delimited, render

ROWS = 500
STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
sample = cache(result)


def format_plain_cell(value: object) -> str:
    """The cell of a value, the slow and obvious way; floats are compared as numbers elsewhere."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(format_plain_cell(v) for v in value if v is not None)
    return value.isoformat() if isinstance(value, date) else str(value)


def count_digits(number: str) -> int:
    """How many significant digits a number is written with."""
    return len(Decimal(number).normalize().as_tuple().digits)


def make_column(
    values: list[object], unit: Unit = Unit.TEXT, dtype: pl.DataType | None = None
) -> Result:
    """A Result of one column ``x`` beside an id."""
    numbers = [str(i) for i in range(len(values))]
    frame = pl.DataFrame({"x": pl.Series(values, dtype=dtype, strict=False), "id": numbers})
    columns = (Column("x", unit), Column("id", Unit.ID))
    return Result(
        analysis="a",
        parameters={},
        scope=Scope(),
        frame=frame,
        columns=columns,
        grain="party",
        headline=message("no-rows"),
    )


@pytest.mark.parametrize(("format", "delimiter"), (("csv", ","), ("tsv", "\t")))
def test_csv_and_tsv_cells_read_back_unchanged(format: str, delimiter: str) -> None:
    head, *rows = read_csv(render(sample(ROWS), format, "zh"), delimiter)
    assert head == [c.name for c in COLUMNS]
    for got, row in zip(rows, sample(ROWS).frame.iter_rows(), strict=True):
        for cell, value in zip(got, row, strict=True):
            if isinstance(value, float):
                assert float(cell) == value
            else:
                assert cell == format_plain_cell(value)


def test_csv_and_tsv_are_the_same_in_both_languages() -> None:
    assert render(sample(50), "csv", "en") == render(sample(50), "csv", "zh")
    assert render(sample(50), "tsv", "en") == render(sample(50), "tsv", "zh")


def test_csv_line_ends_and_byte_order_mark_follow_the_format() -> None:
    plain, excel = (
        render(make_column(["a", "b"]), "csv", "en"),
        render(make_column(["a", "b"]), "csv-excel", "en"),
    )
    assert plain == b"x,id\na,0\nb,1\n"
    assert excel == b"\xef\xbb\xbf'=X,Id\r\na,0\r\nb,1\r\n"


def read_excel_head(answer: Result, lang: str) -> list[str]:
    return read_csv(render(answer, "csv-excel", lang), encoding="utf-8-sig")[0]


def test_csv_excel_headers_are_titles_in_the_language() -> None:
    head = read_excel_head(sample(2), "zh")
    assert head[0] == "列party" and head[8].startswith("直接成交金额") and "元" in head[8]
    columns = (Column("x", Unit.TEXT), Column("id", Unit.ID, key="x"))
    alike = replace(make_column(["a"]), columns=columns)
    assert read_excel_head(alike, "en") == ["'=X [x]", "'=X [id]"]


def test_csv_null_and_empty_text_differ_and_quotes_are_doubled() -> None:
    page = render(make_column([None, "", 'say "hi"', "a\nb"]), "csv", "en")
    assert page == b'x,id\n,0\n"",1\n"say ""hi""",2\n"a\nb",3\n'


def test_csv_excel_differs_from_csv_by_apostrophes_in_text_only() -> None:
    excel = read_csv(render(sample(ROWS), "csv-excel", "en"), encoding="utf-8-sig")[1:]
    plain = read_csv(render(sample(ROWS), "csv", "en"))[1:]
    text = [c.unit in (Unit.ID, Unit.TEXT, Unit.LABEL, Unit.REASON) for c in COLUMNS]
    changed = 0
    for ours, theirs in zip(excel, plain, strict=True):
        for cell, before, is_text in zip(ours, theirs, text, strict=True):
            assert not (is_text and cell.startswith(STARTS))
            assert (
                cell.startswith("'")
                if before.startswith(STARTS) and is_text
                else cell[:1] == before[:1]
            )
            assert cell.replace("'", "") == before.replace("'", "")
            changed += cell != before
    assert changed > 100
    assert any(cell.startswith("-") for row in excel for cell in row), (
        "negative numbers stay numbers"
    )


@pytest.mark.parametrize("start", STARTS)
def test_csv_excel_formula_start_is_made_text(start: str) -> None:
    page = render(make_column([f"{start}1", f"a;{start}1; {start}2", "a-b"]), "csv-excel", "en")
    rows = read_csv(page, encoding="utf-8-sig")
    assert rows[1][0] == f"'{start}1" and rows[3][0] == "a-b"
    if start not in "\t\r":
        assert rows[2][0] == f"a;'{start}1; '{start}2", (
            "some spreadsheets end a cell at a semicolon"
        )


@given(st.lists(st.one_of(st.none(), st.floats()), min_size=1, max_size=20))
def test_csv_floats_read_back_exactly_with_fewest_digits(numbers: list[float | None]) -> None:
    rows = read_csv(render(make_column([*numbers], Unit.MONEY, pl.Float64()), "csv", "en"))[1:]
    for (cell, _), number in zip(rows, numbers, strict=True):
        assert cell == "" if number is None or not math.isfinite(number) else float(cell) == number
        assert not cell.startswith("-0.0") or float(cell) != 0, "no negative zero"
        assert not cell or count_digits(cell) == count_digits(repr(number)), (
            "as few digits as Python's repr"
        )


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=10))
def test_csv_any_text_reads_back(names: list[str]) -> None:
    for format, delimiter in (("csv", ","), ("tsv", "\t")):
        assert [
            row[0] for row in read_csv(render(make_column([*names]), format, "en"), delimiter)[1:]
        ] == names


def test_csv_of_single_column_has_no_empty_line() -> None:
    frame = pl.DataFrame({"x": [1.5, None, 2.0]})
    alone = Result(
        analysis="a",
        parameters={},
        scope=Scope(),
        frame=frame,
        columns=(Column("x", Unit.SCORE),),
        grain="party",
        headline=message("no-rows"),
    )
    assert read_csv(render(alone, "csv", "en")) == [["x"], ["1.5"], [""], ["2.0"]]


def test_csv_categories_and_lists_are_text() -> None:
    words = make_column(["a", None], Unit.LABEL, pl.Categorical())
    assert read_csv(render(words, "csv", "en"))[1:] == [["a", "0"], ["", "1"]]
    lists = make_column([[1.5, None, float("nan")], [], None], Unit.TEXT, pl.List(pl.Float64))
    assert read_csv(render(lists, "csv", "en"))[1:] == [["1.5", "0"], ["", "1"], ["", "2"]]


BLANKS = [*" \t\n\r\x0b\xa0\u3000\u200b\ufeff\x00", "  ", " \t\u3000"]


@pytest.mark.parametrize("blank", ["", *BLANKS])
@pytest.mark.parametrize("sign", list("=+-@＝＋－＠"))
def test_csv_excel_formula_after_any_blank_is_text(blank: str, sign: str) -> None:
    written = pl.lit(f"{blank}{sign}1")
    escaped = pl.select(delimited._escape_formulas(written)).item()
    assert escaped.startswith("'")
    assert escaped.replace("'", "") == f"{blank}{sign}1"


@pytest.mark.parametrize("text", ["a=1", " a", "1-1", "a +b", "", " ", "2024-01-01", "O'Neil"])
def test_csv_excel_text_that_is_no_formula_stays(text: str) -> None:
    assert pl.select(delimited._escape_formulas(pl.lit(text))).item() == text
