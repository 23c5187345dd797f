"""xlsx, parquet and sqlite read back by other libraries: values, types, names, notes."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import date

import fastexcel
import polars as pl
import pytest
from support.format_texts import list_sheets, list_tables, read_sheet, read_table
from support.render_samples import COLUMNS, NASTY, report, result

from refgraph.errors import UsageError
from refgraph.model.message import message
from refgraph.model.result import Column, Result
from refgraph.model.scope import Scope
from refgraph.model.units import Unit
from refgraph.renderers import render, workbook_table
from refgraph.renderers.values import to_raw_frame
from refgraph.renderers.workbook_names import SheetNames

ROWS = 300


def make_column(values: list[object], unit: Unit, dtype: pl.DataType) -> Result:
    frame = pl.DataFrame({"name": pl.Series(values, dtype=dtype)})
    return Result(
        analysis="effect",
        parameters={},
        scope=Scope(),
        frame=frame,
        columns=(Column("name", unit),),
        grain="party",
        headline=message("no-rows"),
    )


def read_part(page: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(page)) as book:
        return book.read(name).decode()


def read_typed(page: bytes) -> pl.DataFrame:
    return fastexcel.read_excel(page).load_sheet(0).to_polars()


def test_xlsx_numbers_and_dates_are_typed_cells() -> None:
    frame, got = to_raw_frame(result(ROWS)), read_typed(render(result(ROWS), "xlsx", "en"))
    assert got.columns[5] == "The part"
    for index, column in enumerate(COLUMNS):
        values, cells = frame[column.name], got.to_series(index)
        if values.dtype == pl.Date:
            assert cells.cast(pl.Date).to_list() == values.to_list()
        elif column.unit is Unit.POINTS:
            assert (cells / 100 - values).abs().max() < 1e-9  # type: ignore[operator]
        elif values.dtype.is_numeric():
            assert cells.is_null().to_list() == values.is_null().to_list()
            for cell, value in zip(cells.to_list(), values.to_list(), strict=True):
                assert cell is None or cell == pytest.approx(value, rel=1e-15)


def test_xlsx_formats_follow_the_unit() -> None:
    page = render(result(ROWS), "xlsx", "zh")
    styles = read_part(page, "xl/styles.xml")
    for code in ("0.0%", "yyyy\\-mm\\-dd", "个百分点", "0.00E+00"):
        assert code.replace("\\", "") in styles.replace("\\", ""), code
    sheet = read_part(page, "xl/worksheets/sheet1.xml")
    assert 'state="frozen"' in sheet and "<autoFilter" in sheet
    assert "<f>" not in sheet and "<hyperlink" not in sheet


def test_xlsx_ids_and_formulas_stay_text() -> None:
    names = ["=cmd()", "+1", "-1", "@x", "000123", "12345678901234567890", "1E5", "http://x"]
    page = render(make_column([*names], Unit.ID, pl.String()), "xlsx", "en")
    assert [row[0] for row in read_sheet(page, list_sheets(page)[0])][1:] == names
    sheet = read_part(page, "xl/worksheets/sheet1.xml")
    assert len(re.findall(r'<c r="A\d+" s="\d+" t="s">', sheet)) == len(names) + 1


def test_xlsx_old_days_and_missing_values_are_text_and_empty_cells() -> None:
    days = [date(1, 1, 1), date(1900, 2, 28), date(1900, 3, 1), None, date(9999, 12, 31)]
    page = render(make_column([*days], Unit.DATE, pl.Date()), "xlsx", "en")
    sheet = read_part(page, "xl/worksheets/sheet1.xml")
    assert re.findall(r'r="(A\d)"[^>]*t="s"', sheet) == ["A1", "A2", "A3"]
    assert "<v>61</v>" in sheet and "<v>2958465</v>" in sheet and 'r="A5"' not in sheet


def test_xlsx_long_text_is_cut_and_the_notes_say_so() -> None:
    page = render(make_column(["甲" * 40_000, "b"], Unit.TEXT, pl.String()), "xlsx", "en")
    sheet, notes = (read_sheet(page, name) for name in list_sheets(page))
    assert len(str(sheet[1][0])) == 32_767 and str(sheet[1][0]).endswith("…")
    assert any("1 cell is too long" in str(cell) for row in notes for cell in row)


def test_xlsx_with_more_rows_than_a_sheet_holds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_table, "MAX_ROWS", 5)
    assert render(result(6), "xlsx", "en", top=5)
    with pytest.raises(UsageError) as refused:
        render(result(6), "xlsx", "en")
    assert refused.value.id == "too-many-rows"


def test_xlsx_columns_are_wide_enough_for_chinese() -> None:
    page = render(make_column(["寻梅坞五金制品有限公司"], Unit.TEXT, pl.String()), "xlsx", "zh")
    width = re.search(
        r'<col min="1" max="1" width="([\d.]+)"', read_part(page, "xl/worksheets/sheet1.xml")
    )
    assert width and 24 <= float(width[1]) <= 28


def measure_notes(who: str) -> float:
    """The height of all rows on the sheet of notes, in points, with a name in one note."""
    page = render(replace(result(3), notes=(message("test-note", who=who),)), "xlsx", "en")
    rows = re.findall(r"<row ([^>]*)>", read_part(page, "xl/worksheets/sheet2.xml"))
    found = [re.search(r'ht="([\d.]+)"', row) for row in rows]
    return sum(float(height[1]) if height else 15.0 for height in found)


def test_xlsx_note_is_as_high_as_its_lines() -> None:
    """A line of the sheet has 100 columns and is 14 to 16 points high."""
    assert 2 * 14 <= measure_notes("n" * 250) - measure_notes("n") <= 2 * 16


def test_xlsx_of_report_has_overview_sections_and_notes() -> None:
    page = render(report(), "xlsx", "zh")
    assert list_sheets(page) == ["概览", "Caption zh", "sample", "说明"]
    assert "列party" not in str(read_sheet(page, "概览"))
    assert read_sheet(page, "Caption zh")[0][0] == "列party"
    assert len(read_sheet(page, "Caption zh")) == 6


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["a/b:c", "A b c", "'q'"], ["a b c", "A b c 2", "q"]),
        (["x" * 40, "X" * 40], ["x" * 31, "X" * 29 + " 2"]),
        (["", "[]"], ["-", "- 2"]),
        (["😀" * 20], ["😀" * 15]),
    ],
)
def test_sheet_names_are_valid_and_different(titles: list[str], names: list[str]) -> None:
    sheets = SheetNames()
    assert [sheets.make_name(title) for title in titles] == names


def test_parquet_keeps_values_types_and_describes_itself() -> None:
    page = render(result(ROWS), "parquet", "en")
    assert pl.read_parquet(io.BytesIO(page)).equals(to_raw_frame(result(ROWS)))
    about = json.loads(pl.read_parquet_metadata(io.BytesIO(page))["refgraph"])
    whole = json.loads(render(result(ROWS), "json", "en"))
    assert {**about, "rows": whole["rows"]} == whole


def test_sqlite_tables_hold_the_values_of_csv() -> None:
    page = render(result(ROWS), "sqlite", "en")
    assert list_tables(page) == ["sample", "refgraph_results", "refgraph_columns"]
    headers, *rows = read_table(page, "sample")
    frame = to_raw_frame(result(ROWS))
    assert headers == frame.columns
    for name, *cells in zip(headers, *rows, strict=True):
        values = frame[str(name)].to_list()
        for value, cell in zip(values, cells, strict=True):
            if isinstance(value, date):
                value = value.isoformat()
            elif isinstance(value, list):
                value = "; ".join(value)
            assert cell == value


def test_sqlite_describes_results_and_columns() -> None:
    page = render(report(NASTY[3]), "sqlite", "zh")
    assert list_tables(page)[:2] == ["sample", "sample_2"]
    headers, first, _ = read_table(page, "refgraph_results")
    about = dict(zip(headers, first, strict=True))
    assert about["name"] == "sample" and "96 家中 30 家" in str(about["headline"])
    assert json.loads(str(about["parameters"]))["of"] == ["A", "B"]
    described = read_table(page, "refgraph_columns")[1:]
    assert [row[2] for row in described] == 2 * [column.name for column in COLUMNS]
    assert described[4][4] == "列referred"


@pytest.mark.parametrize(("text", "is_whole"), [("x" * 32_767, True), ("x" * 32_768, False)])
@pytest.mark.parametrize("wide", ["x", "\U0001f600"])
def test_cell_of_a_workbook_holds_32767_units(text: str, is_whole: bool, wide: str) -> None:
    """A character outside the first plane is two units."""
    text = wide + text[2:] + ("x" if wide == "x" else "")
    fitting = workbook_table._fit_cell(text)
    assert (fitting == text) is is_whole
    assert len(fitting.encode("utf-16-le")) <= 2 * 32_767
