"""The sheet with the rows behind the first figures of a report, and the links that lead there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from refgraph import texts
from refgraph.model.result import Result
from refgraph.renderers.opened_cells import Cell
from refgraph.renderers.view import View
from refgraph.renderers.workbook_table import FIRST_DAY, Styles

MAX_SHEET_ROWS = 1_000
"""Rows that the sheet lists of one figure."""
HEADER_ROWS = 2
"""The sentence and the headers above the rows of a figure."""


def find_places(opened: Mapping[Cell, Result]) -> dict[Cell, int]:
    """Cell -> the row of the sheet where its sentence stands."""
    places, row = {}, 0
    for cell, rows in opened.items():
        places[cell] = row
        row += HEADER_ROWS + min(rows.frame.height, MAX_SHEET_ROWS) + 1
    return places


def write_links(
    sheet: Any, styles: Styles, result: Result, targets: Mapping[tuple[int, str], str]
) -> None:
    """Make figures links, which stay the numbers they are. targets: row and column -> place."""
    names = [column.name for column in result.columns]
    for (row, name), target in targets.items():
        value, index = result.frame[name][row], names.index(name)
        sheet.write_url(row + 1, index, f"internal:{target}", styles.get("link"))
        if isinstance(value, date):
            if value >= FIRST_DAY:
                sheet.write_datetime(row + 1, index, value, styles.get("linked date"))
            continue
        unit, numbers = result.columns[index].unit, result.frame[name]
        factor = 100 if unit == "points" else 1
        number_format = styles.choose_number_format(unit, numbers * factor)
        sheet.write_number(row + 1, index, value * factor, styles.get_link(number_format))


def write_rows(sheet: Any, styles: Styles, opened: Mapping[Cell, Result], view: View) -> None:
    """Sentence, headers and rows of every figure, one below the other."""
    for cell, place in find_places(opened).items():
        shown = opened[cell].head(MAX_SHEET_ROWS)
        sheet.write_string(place, 0, view.say(shown.headline), styles.get("label"))
        for index, (column, cells) in enumerate(
            zip(shown.columns, view.format_columns(shown), strict=True)
        ):
            sheet.write_string(place + 1, index, view.heading(column), styles.get("header"))
            numbers = shown.frame[column.name].to_list()
            for offset, (text, number) in enumerate(zip(cells, numbers, strict=True)):
                row = place + HEADER_ROWS + offset
                if isinstance(number, (int, float)):
                    sheet.write_number(row, index, number)
                elif number is not None:
                    sheet.write_string(row, index, text, styles.get("text"))
    sheet.set_column(0, 9, 14)


def name_sheet(view: View) -> str:
    """The name of the sheet, before it is made unlike others."""
    return texts.look_up("page", "sheet-rows", view.lang)
