"""Tables for machines: csv and tsv as they are, csv-excel for spreadsheets. RFC 4180 quoting.

Field names are not translated, except in csv-excel, whose headers are titles for people. Null, NaN
and infinity are empty cells, empty text is ``""``; floats have the fewest digits that read back to
the same number; dates are ISO, truth is true/false, lists are joined by ``; ``.
"""

from __future__ import annotations

import polars as pl

from refgraph.model.result import Result
from refgraph.model.spreadsheet_text import BLANKS, FORMULA_STARTS
from refgraph.renderers.cells import LIST_SEPARATOR
from refgraph.renderers.values import to_raw_frame
from refgraph.renderers.view import View

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def render(result: Result, view: View) -> bytes:
    """UTF-8. csv, tsv: LF, no byte order mark. csv-excel: CRLF, byte order mark, no formulas."""
    frame = flatten_lists(to_raw_frame(result.head(view.top)))
    if view.format == "csv-excel":
        return BYTE_ORDER_MARK + _format_for_spreadsheet(frame, result, view)
    return frame.write_csv(separator="\t" if view.format == "tsv" else ",").encode()


def _format_for_spreadsheet(frame: pl.DataFrame, result: Result, view: View) -> bytes:
    """Titles as headers, and no cell that a spreadsheet would take for a formula."""
    titles = pl.Series(view.list_headings(result.columns), dtype=pl.String)
    headers = pl.select(_escape_formulas(pl.lit(titles))).to_series().to_list()
    escaped = frame.with_columns(_escape_formulas(pl.col(pl.String)))
    return (
        escaped.rename(dict(zip(frame.columns, headers, strict=True)))
        .write_csv(line_terminator="\r\n")
        .encode()
    )


def flatten_lists(frame: pl.DataFrame) -> pl.DataFrame:
    """Lists as text. A single column has ``""`` for null, because readers skip an empty line."""
    frame = flatten_members(frame)
    return frame.select(pl.all().cast(pl.String).fill_null("")) if frame.width == 1 else frame


def flatten_members(frame: pl.DataFrame) -> pl.DataFrame:
    """Lists as text, their members joined."""
    members = pl.col(pl.List).list.eval(pl.element().cast(pl.String))
    return frame.with_columns(members.list.join(LIST_SEPARATOR))


def _escape_formulas(text: pl.Expr) -> pl.Expr:
    """An apostrophe where a spreadsheet would see a formula.

    Also after blanks, and after a semicolon, a tab or a line break, which some programs take for
    the end of a cell.
    """
    start = f"^([\t\r\n]|[{BLANKS}]*[{FORMULA_STARTS}])"
    escaped = text.str.replace(start, "'${1}")
    return escaped.str.replace_all(f"([;\t\r\n][{BLANKS}]*)([{FORMULA_STARTS}])", "${1}'${2}")
