"""One table on a sheet of a workbook: typed cells, formats by unit, widths that fit the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import polars as pl

from refgraph.errors import UsageError
from refgraph.model.result import Column, Result
from refgraph.model.units import Unit
from refgraph.renderers.cells import NUMERIC_UNITS, format_values, measure_width
from refgraph.renderers.values import to_raw_frame
from refgraph.renderers.view import View

MAX_ROWS = 1_048_575
"""Rows that a sheet can hold below the headers."""
MAX_CELL_UNITS = 32_767
"""UTF-16 units that a cell can hold."""
FIRST_DAY = date(1900, 3, 1)
"""The first day about which all spreadsheet programs agree; earlier ones are text."""
MIN_WIDTH, MAX_WIDTH, MAX_HEADING_WIDTH = 8, 60, 12
PADDING, FILTER_BUTTON = 2, 3
MEASURED_ROWS = 1_000
LINE_HEIGHT, PAGE_WIDTH = 15, 180
"""Points of a row; columns that one page shows."""
A4 = 9
"""Number of the paper size."""
POINT_FORMATS = {"en": '0.0" points"', "zh": '0.0" 个百分点"'}
SMALL_SCORE, LARGE_AMOUNT = 0.001, 1_000
HEADER = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#EEF2F6"}
SENTENCES: dict[str, dict[str, object]] = {
    "title": {"bold": True, "font_size": 14},
    "label": {"bold": True},
    "sentence": {"text_wrap": True, "valign": "top"},
    "header": HEADER,
    "number header": HEADER | {"align": "right"},
    "text": {"num_format": "@"},
    "link": {"underline": 1},
    "linked date": {"num_format": "yyyy-mm-dd", "underline": 1},
    "date": {"num_format": "yyyy-mm-dd"},
}
"""Style of a cell without a number -> its properties. ``@`` keeps text text while it is edited."""


class Styles:
    """The cell formats of one workbook, each made once. lang: of the words in formats."""

    def __init__(self, book: Any, lang: str) -> None:
        self._book, self._lang = book, lang
        self._formats: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        """The format of a key of `SENTENCES`, otherwise that of a number format."""
        if name not in self._formats:
            properties = SENTENCES.get(name, {"num_format": name})
            self._formats[name] = self._book.add_format(properties)
        return self._formats[name]

    def get_link(self, number_format: str) -> Any:
        """A number format whose numbers are underlined."""
        name = f"{number_format}\x00link"
        if name not in self._formats:
            properties = {"num_format": number_format, "underline": 1}
            self._formats[name] = self._book.add_format(properties)
        return self._formats[name]

    def choose_number_format(self, unit: Unit, numbers: pl.Series) -> str:
        """The number format of a column by its unit and, for amounts, its largest number."""
        largest = numbers.abs().max() or 0
        if unit in (Unit.COUNT, Unit.DEPTH, Unit.DAYS):
            return "#,##0.0" if numbers.dtype.is_float() else "#,##0"
        if unit is Unit.SHARE:
            return "0.0%"
        if unit is Unit.POINTS:
            return POINT_FORMATS[self._lang]
        if unit in (Unit.MONEY, Unit.QUANTITY):
            return "#,##0" if largest >= LARGE_AMOUNT else "#,##0.00"  # type: ignore[operator]
        return "0.00E+00" if 0 < largest < SMALL_SCORE else "#,##0.00##"  # type: ignore[operator]


def write_table(sheet: Any, styles: Styles, result: Result, view: View, top: int | None) -> int:
    """Write headers and rows, from the first row on; returns how many cells had to be cut.

    Raises UsageError ``too-many-rows``.
    """
    shown = result.head(top)
    if shown.frame.height > MAX_ROWS:
        raise UsageError("too-many-rows", rows=shown.frame.height, most=MAX_ROWS)
    frame = to_raw_frame(shown)
    _write_headers(sheet, styles, shown, view)
    cut = sum(
        _write_column(sheet, styles, index, frame[column.name], column, view.lang)
        for index, column in enumerate(shown.columns)
    )
    if shown.frame.height:
        sheet.autofilter(0, 0, shown.frame.height, len(shown.columns) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{shown.frame.height + 1}"})
    return cut


def _write_headers(sheet: Any, styles: Styles, shown: Result, view: View) -> None:
    """The first row, frozen and repeated on every page; columns as wide as their cells need."""
    headings = view.list_headings(shown.columns)
    samples = view.format_columns(shown.head(MEASURED_ROWS))
    widths = [_choose_width(*both) for both in zip(headings, samples, strict=True)]
    lines = 1
    for index, (column, heading) in enumerate(zip(shown.columns, headings, strict=True)):
        header = "number header" if column.unit in NUMERIC_UNITS else "header"
        sheet.write_string(0, index, heading, styles.get(header))
        sheet.set_column(index, index, widths[index])
        lines = max(lines, count_lines(heading, widths[index] - FILTER_BUTTON))
    sheet.set_row(0, lines * LINE_HEIGHT)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    set_up_printing(sheet, sum(widths))


def set_up_printing(sheet: Any, width: int) -> None:
    """A4 across, on as many pages side by side as columns of this width need to be legible."""
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(max(1, -(-width // PAGE_WIDTH)), 0)


def count_lines(text: str, width: int) -> int:
    """Lines of a text that is folded at ``width`` columns."""
    return max(1, -(-measure_width(text) // max(width, 1)))


def _write_column(
    sheet: Any, styles: Styles, index: int, values: pl.Series, column: Column, lang: str
) -> int:
    """Write the cells of a column; a missing value is an empty cell. Returns how many were cut."""
    if values.dtype == pl.Date:
        _write_dates(sheet, styles, index, values)
    elif column.unit in NUMERIC_UNITS and values.dtype.is_numeric():
        factor = 100 if column.unit is Unit.POINTS else 1
        style = styles.get(styles.choose_number_format(column.unit, values * factor))
        _write_cells(sheet.write_number, index, (values * factor).to_list(), style)
    else:
        return _write_texts(sheet, styles, index, values, column.unit, lang)
    return 0


def _write_cells(
    write: Callable[..., object], index: int, values: Sequence[object], style: Any
) -> None:
    for row, value in enumerate(values, 1):
        if value is not None:
            write(row, index, value, style)


def _write_dates(sheet: Any, styles: Styles, index: int, values: pl.Series) -> None:
    """Dates; those before `FIRST_DAY` as text."""
    old = values.set(values >= FIRST_DAY, None).dt.to_string("%Y-%m-%d")
    _write_cells(sheet.write_string, index, old.to_list(), styles.get("text"))
    days = values.set(values < FIRST_DAY, None)
    _write_cells(sheet.write_datetime, index, days.to_list(), styles.get("date"))


def _write_texts(
    sheet: Any, styles: Styles, index: int, values: pl.Series, unit: Unit, lang: str
) -> int:
    """Text as pages show it. Returns how many cells were cut at what a cell can hold."""
    is_empty = values.is_null().to_list()
    cut = 0
    for row, text in enumerate(format_values(values, unit, lang), 1):
        if is_empty[row - 1]:
            continue
        fitting = _fit_cell(text)
        cut += fitting != text
        sheet.write_string(row, index, fitting, styles.get("text"))
    return cut


def _fit_cell(text: str) -> str:
    """The text, or as much of its beginning as a cell can hold, with an ellipsis."""
    if len(text) <= MAX_CELL_UNITS // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_CELL_UNITS:
        return text
    return units[: 2 * (MAX_CELL_UNITS - 1)].decode("utf-16-le", "ignore") + "…"


def _choose_width(heading: str, cells: Sequence[str]) -> int:
    """Columns of a sheet that the cells and the longest line of the folded heading need."""
    needed = max(map(measure_width, cells), default=0) + PADDING
    heading_width = min(measure_width(heading), MAX_HEADING_WIDTH) + FILTER_BUTTON
    return min(max(needed, heading_width, MIN_WIDTH), MAX_WIDTH)
