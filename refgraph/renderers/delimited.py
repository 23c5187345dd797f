"""Tables for machines: csv and tsv as they are, csv-excel for people's spreadsheets. RFC 4180 quoting.

Field names are never translated. Null, NaN and infinity are empty cells, empty text is ``""``; floats have
the fewest digits that read back to the same number; dates are ISO, truth is true/false, lists are joined by
``; ``.
"""

from __future__ import annotations

import polars as pl

from refgraph.model.result import Result
from refgraph.renderers.cells import BETWEEN
from refgraph.renderers.values import raw
from refgraph.renderers.view import View

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_STARTS = "=+\\-@＝＋－＠"


def render(result: Result, view: View) -> bytes:
    """UTF-8. csv, tsv: LF, no byte order mark, values as they are. csv-excel: CRLF, the mark, no formulas."""
    frame = flat(raw(result.top(view.top)))
    if view.format == "csv-excel":
        inert = frame.with_columns(_inert(pl.col(pl.String)))
        return BYTE_ORDER_MARK + inert.write_csv(line_terminator="\r\n").encode()
    return frame.write_csv(separator="\t" if view.format == "tsv" else ",").encode()


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Lists as text. A lone column has ``""`` for null, since readers skip an empty line."""
    texts = pl.element().cast(pl.String)
    frame = frame.with_columns(pl.col(pl.List).list.eval(texts).list.join(BETWEEN))
    return frame.select(pl.all().cast(pl.String).fill_null("")) if frame.width == 1 else frame


def _inert(text: pl.Expr) -> pl.Expr:
    """An apostrophe where a spreadsheet would see a formula, also after what some take for a cell's end."""
    first = text.str.replace(f"^([\t\r\n{_STARTS}])", "'${1}")
    return first.str.replace_all(f"([;\t\r\n]\\s*)([{_STARTS}])", "${1}'${2}")
