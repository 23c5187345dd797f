"""A workbook (xlsx): a sheet per table, and sheets with headline, notes and meanings.

The table of a single answer is on the first sheet, its headers in the first row, so that it can be
sorted, filtered and read by other programs; a report begins with an overview. Titles, words and
sentences are in the language of the reader. No text is ever a formula or a link; in a
report the first figures are links to the sheet of their rows.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from refgraph import texts
from refgraph.model.message import message
from refgraph.model.result import Report, Result
from refgraph.renderers.opened_cells import open_cells
from refgraph.renderers.page_provenance import list_provenance
from refgraph.renderers.report_pictures import ReportPicture, list_pictures
from refgraph.renderers.view import View
from refgraph.renderers.workbook_names import SheetNames
from refgraph.renderers.workbook_rows import find_places, name_sheet, write_links, write_rows
from refgraph.renderers.workbook_table import (
    LINE_HEIGHT,
    Styles,
    count_lines,
    set_up_printing,
    write_table,
)

CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""The same in every file, so that the same answer gives the same bytes."""
LABEL_WIDTH, SENTENCE_WIDTH, FORMULA_WIDTH = 28, 100, 10
PICTURE_SCALE, PIXELS_PER_ROW = 0.5, 20
"""A PNG has two pixels per pixel of its picture."""
Line = tuple[str, tuple[str, ...]]
"""A row of a sheet of sentences: the name of its style in `Styles`, and its cells."""
BLANK_LINE: Line = ("sentence", ())


def render(subject: Result | Report, view: View) -> bytes:
    """The file. Raises UsageError ``too-many-rows`` for more rows than a sheet can hold."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        styles, names = Styles(book, view.lang), SheetNames()
        if isinstance(subject, Report):
            _write_report(book, subject, view, styles, names)
        else:
            sheet = book.add_worksheet(names.make_name(view.title(subject)))
            cut = write_table(sheet, styles, subject, view, view.top)
            lines = [("title", (view.say(subject.headline),)), BLANK_LINE]
            lines += _describe_result(subject, view, cut)
            lines += _list_origin(subject, view)
            _write_lines(_add_notes(book, names, view), styles, lines)
    return content.getvalue()


def _write_report(book: Any, report: Report, view: View, styles: Styles, names: SheetNames) -> None:
    """An overview, a sheet per section, and the notes and meanings of all sections."""
    overview = book.add_worksheet(names.make_name(_say(view, "sheet-overview")))
    pictures = list(list_pictures(report, view, "png"))
    if pictures:
        _write_pictures(book.add_worksheet(names.make_name(_say(view, "sheet-charts"))), pictures)
    contents: list[Line] = []
    notes: list[Line] = []
    opened = open_cells(report, view)
    rows_name, places = names.make_name(name_sheet(view)), find_places(opened)
    for number, section in enumerate(report.sections):
        title = view.caption(section) or view.title(section.result)
        sheet = book.add_worksheet(names.make_name(title))
        cut = write_table(sheet, styles, section.result, view, view.top)
        targets = {
            cell[1:]: f"'{rows_name}'!A{place + 1}"
            for cell, place in places.items()
            if cell[0] == number
        }
        write_links(sheet, styles, section.result, targets)
        contents.append(("sentence", (title, view.say(section.result.headline))))
        notes += [("label", (title,)), *_describe_result(section.result, view, cut), BLANK_LINE]
    _write_lines(overview, styles, _list_overview(report, view, contents))
    if opened:
        write_rows(book.add_worksheet(rows_name), styles, opened, view)
    _write_lines(_add_notes(book, names, view), styles, notes)


def _write_pictures(sheet: Any, pictures: Sequence[ReportPicture]) -> None:
    """Captions and pictures below each other; what a picture shows is said by its section."""
    set_up_printing(sheet, 0)
    sheet.hide_gridlines(2)
    row = 0
    for picture in pictures:
        sheet.write_string(row, 0, picture.caption)
        height = int.from_bytes(picture.content[20:24], "big") * PICTURE_SCALE
        options = {
            "image_data": io.BytesIO(picture.content),
            "x_scale": PICTURE_SCALE,
            "y_scale": PICTURE_SCALE,
            "description": picture.description,
        }
        sheet.insert_image(row + 1, 0, f"{row}.png", options)
        row += 3 + int(height / PIXELS_PER_ROW)


def _add_notes(book: Any, names: SheetNames, view: View) -> Any:
    return book.add_worksheet(names.make_name(_say(view, "sheet-notes")))


def _list_overview(report: Report, view: View, contents: Sequence[Line]) -> Iterator[Line]:
    """Title, key figures, the headline of each section, notes, origin."""
    yield "title", (view.say(report.title),)
    if report.verdict:
        yield "sentence", ("", view.say(report.verdict))
    yield BLANK_LINE
    if report.figures:
        yield "label", (_say(view, "key-figures"),)
    for figure in report.figures:
        title = texts.look_up("figure", figure.title, view.lang)
        yield "sentence", (title, f"{view.say(figure.value)} – {view.say(figure.detail)}")
    if report.figures:
        yield BLANK_LINE
    yield "label", (_say(view, "contents"),)
    yield from contents
    yield BLANK_LINE
    yield from (("sentence", ("", view.say(note))) for note in report.notes)
    if report.sections:
        yield from _list_origin(report.sections[0].result, view)


def _describe_result(result: Result, view: View, cut_cells: int) -> Iterator[Line]:
    """Notes, then the meaning and the formula of every column."""
    _, more_rows = view.take_rows(result, view.top)
    notes = [more_rows, *map(view.say, result.notes)]
    if cut_cells:
        notes.append(view.say(message("note.cut-cells", cells=cut_cells)))
    yield from (("sentence", ("", note)) for note in notes if note)
    yield BLANK_LINE
    yield "label", (_say(view, "meanings"),)
    for heading, column in zip(view.list_headings(result.columns), result.columns, strict=True):
        meaning = texts.get_column_meaning(column.text, view.lang)
        yield "sentence", (heading, meaning, column.formula)


def _list_origin(result: Result, view: View) -> Iterator[Line]:
    yield BLANK_LINE
    yield from (("sentence", pair) for pair in list_provenance(result, view))


def _write_lines(sheet: Any, styles: Styles, lines: Iterable[Line]) -> None:
    """A sheet of sentences; a title is not wrapped, for it may run over the columns beside it."""
    set_up_printing(sheet, 0)
    sheet.hide_gridlines(2)
    for index, width in enumerate((LABEL_WIDTH, SENTENCE_WIDTH, FORMULA_WIDTH)):
        sheet.set_column(index, index, width)
    for row, (style, cells) in enumerate(lines):
        for column, text in enumerate(cells):
            if text:
                sheet.write_string(row, column, text, styles.get(style))
        if style == "sentence" and len(cells) > 1:
            sheet.set_row(row, count_lines(cells[1], SENTENCE_WIDTH) * LINE_HEIGHT)


def _say(view: View, key: str) -> str:
    return texts.look_up("page", key, view.lang)
