"""Text that a spreadsheet leaves as it is: an apostrophe in front of formulas, numbers and dates.

`protect` and `unprotect` are exact inverses, so that a file may go through a spreadsheet and back.
"""

from __future__ import annotations

import polars as pl

FORMULA_STARTS = "=+\\-@＝＋－＠﹢﹣﹦﹫"
BLANKS = "\\s\\x00-\\x1f\\x7f\u180e\u200b-\u200f\u2060\ufeff"
"""What programs drop in front of a formula: blanks, controls and invisible marks."""
_CELL_ENDS = ";\t\r\n"
"""What some programs take for the end of a cell, so that a formula may follow."""
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_CHANGED = (
    rf"^(?:'|[\t\r\n]|[{BLANKS}]*[{FORMULA_STARTS}]|\s*[(（]?\s*[\d.$¥￥€£]"
    rf"|(?i:(?:true|false)$|(?:{_MONTHS})[a-z]*[\s/-]*\d))"
)
_KEPT_NUMBER = r"^(?:0|[1-9]\d{0,10})$"
"""A whole number that a spreadsheet shows and saves as it is."""


def protect(text: pl.Expr) -> pl.Expr:
    """A text with an apostrophe where a spreadsheet would change or compute it."""
    is_changed = text.str.contains(_CHANGED) & ~text.str.contains(_KEPT_NUMBER)
    marked = pl.when(is_changed).then(pl.lit("'") + text).otherwise(text)
    inner = f"([{_CELL_ENDS}][{BLANKS}]*)('*[{FORMULA_STARTS}])"
    return marked.str.replace_all(inner, "${1}'${2}")


def unprotect(text: pl.Expr) -> pl.Expr:
    """A text as it was before `protect`."""
    inner = f"([{_CELL_ENDS}][{BLANKS}]*)'('*[{FORMULA_STARTS}])"
    return text.str.replace_all(inner, "${1}${2}").str.replace("^'", "")
