"""The file of proposed matches: a person edits it in a spreadsheet, and it is read back unchanged.

UTF-8 with a byte order mark, CRLF. Headings, kinds and rules are in the reader's language; texts of
the data are protected by `spreadsheet_text`.
"""

from __future__ import annotations

import polars as pl

from refgraph.model.matches import MATCH_COLUMNS
from refgraph.model.result import Result
from refgraph.model.spreadsheet_text import protect
from refgraph.renderers.delimited import BYTE_ORDER_MARK
from refgraph.texts import LANGUAGES, get_label

_ENTRIES = ("written", "candidate", "name", "evidence")
_LABELS = ("kind", "rule")


def render_match_file(result: Result, lang: str) -> bytes:
    """The proposals of ``match`` as a file to edit."""
    words = {word for column in _LABELS for word in result.frame[column].drop_nulls()}
    labels = {word: get_label(word, lang) for word in sorted(words)}
    place = LANGUAGES.index(lang)
    frame = result.frame.with_columns(
        *(protect(pl.col(column)).alias(column) for column in _ENTRIES),
        *(pl.col(column).replace(labels) for column in _LABELS),
        pl.col("confirm").replace({"yes": get_label("yes", lang), "no": get_label("no", lang)}),
    )
    headers = {column: names[place] for column, names in MATCH_COLUMNS.items()}
    page = frame.select(pl.col(c).alias(header) for c, header in headers.items())
    return BYTE_ORDER_MARK + page.write_csv(line_terminator="\r\n").encode()
