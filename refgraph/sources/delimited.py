"""CSV and TSV files -> raw tables. The dialect is declared or found out from the first rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from refgraph.errors import DataError, UsageError
from refgraph.model.message import Label
from refgraph.model.raw import MAX_ROW_BYTES, FileLayout, RawTable, make_empty_rejects
from refgraph.sources import blocks
from refgraph.sources.assembly import assemble_table
from refgraph.sources.compression import strip_compression
from refgraph.sources.content import read_bytes, to_printable_name
from refgraph.sources.damaged_text import check_headers, count_misread_cells, reject_lost_cells
from refgraph.sources.encodings import DecodedText, decode_text
from refgraph.sources.extra_rows import Body, make_misfits
from refgraph.sources.marked_text import RowTooLongError
from refgraph.sources.options import USUAL_DIALECT, Dialect
from refgraph.sources.text_head import count_separator_line, read_text_head

DELIMITERS = {".csv": ",", ".tsv": "\t", ".tab": "\t", ".txt": "\t"}
"""Suffix -> what separates the cells of a file."""

SEPARATORS = (",", "\t", ";", "|")
"""What may separate the cells of a file if nothing declares it."""

_HEAD_BYTES = 1 << 18

MAX_FAULTY_ROWS = 1_000_000
"""With more rejected rows than this, and than sound ones, a file is no table."""


def read(
    source: str | Path | bytes,
    file: str,
    dialect: Dialect = USUAL_DIALECT,
) -> RawTable:
    """Read a file, or its bytes, as a table of text. The grammar is that of `kernels.records`.

    file: the name to cite; for bytes it also decides the delimiter. dialect: without a delimiter, a
    line ``sep=;`` counts, else the one that makes most headers known, of equals that of the suffix;
    for the encoding see `decode`, for the header row `assembly.locate_header`.
    Cells stay as written; an empty one (quoted or not) is null. White space around headers is
    removed. A line without any byte is no row. A column without a header is dropped if it is empty.
    Rejected rows: ``ragged-row`` (value = cells found/expected), ``unclosed-quote``,
    ``stray-quote``, ``nul-character``, ``field-too-long`` (more than `MAX_CELL_CHARS` characters).
    Raises FileError (see `read_bytes`); UsageError ``unknown-encoding``, ``bad-delimiter``;
    DataError ``unknown-format-of-file``, ``encoding-error``, ``empty-file``, ``nul-header``,
    ``broken-header``, ``row-too-long``, ``mostly-faulty``, ``too-many-columns``,
    ``duplicate-header``, ``missing-header``; and what `assembly.locate_header` raises.
    """
    path = file if isinstance(source, bytes) else source
    separators = _list_separators(path, file, dialect.delimiter)
    file = to_printable_name(file)
    data = source if isinstance(source, bytes) else read_bytes(source)
    decoded = _decode(data, file, separators, dialect)
    del data  # decoding may have copied it
    text = _trim_newlines(decoded.text)
    with _translate_long_row(file):
        head = read_text_head(text, file, separators, dialect)
        check_headers(head.located.header, dialect.count_known, file)
        width = len(head.located.header.names)
        found = blocks.read_blocks(text, *head.end, head.separator, width)
        parts = list(_check_faults(found, file))
    body, rejects = _join_blocks(parts, width, file, head.separator)
    usual = head.separator == separators[0]
    layout = FileLayout(encoding=decoded.encoding, delimiter="" if usual else head.separator)
    located = count_separator_line(head.located, text)
    table = assemble_table(located, body, rejects, file, layout)
    misread = count_misread_cells(text, table.frame)
    if misread:
        table = replace(table, warnings=(*table.warnings, ("mojibake", misread)))
    return reject_lost_cells(table) if decoded.lost else table


def read_headers(
    path: str | Path,
    file: str,
    dialect: Dialect = USUAL_DIALECT,
) -> list[str]:
    """The headers of a file, from its first 256 KiB alone. Raises what `read` raises for these."""
    separators = _list_separators(path, file, dialect.delimiter)
    file = to_printable_name(file)
    data = read_bytes(path, _HEAD_BYTES)
    is_part = len(data) == _HEAD_BYTES
    text = _trim_newlines(_decode(data, file, separators, dialect, partial=is_part).text)
    with _translate_long_row(file):
        head = read_text_head(text, file, separators, dialect)
    return head.located.header.names


def _decode(
    data: bytes, file: str, separators: Sequence[str], dialect: Dialect, *, partial: bool = False
) -> DecodedText:
    """The text of a file; of several possible encodings, the one with most known headers."""

    def count_known(text: bytes) -> int:
        try:
            head = read_text_head(memoryview(text), file, separators, dialect)
        except (DataError, RowTooLongError):
            return 0
        return head.located.header.known

    return decode_text(data, file, dialect.encoding, count_known, partial=partial)


def _check_faults(parts: Iterable[blocks.Block], file: str) -> Iterator[blocks.Block]:
    """The blocks; raises DataError ``mostly-faulty`` before their rejects fill the memory."""
    sound, faulty = 0, Counter[str]()
    first = 0
    for block in parts:
        yield block
        first = first or (block.rejects["line"][0] if block.rejects.height else 0)
        sound += block.frame.height
        faulty.update(dict(block.rejects["code"].value_counts().iter_rows()))
        rows = faulty.total()
        if MAX_FAULTY_ROWS < rows > sound:
            fault = Label(faulty.most_common(1)[0][0])
            raise DataError(
                "mostly-faulty", file=file, line=first, rows=rows, read=rows + sound, fault=fault
            )


def _join_blocks(
    parts: Sequence[blocks.Block], width: int, file: str, separator: str
) -> tuple[Body, pl.DataFrame]:
    """All rows of a file, and those that are not well formed."""
    rejects = pl.concat([make_empty_rejects(), *(part.rejects for part in parts)])
    lines = np.concatenate([np.empty(0, np.int64), *(part.lines for part in parts)])
    body = Body(
        frame=pl.concat([_make_empty_frame(width), *(part.frame for part in parts)]),
        line=pl.Series("line", lines, pl.Int64),
        misfits=_split_misfits(rejects, separator),
    )
    return body, rejects.with_columns(file=pl.lit(file, pl.String))


@contextmanager
def _translate_long_row(file: str) -> Iterator[None]:
    """Raise DataError ``row-too-long`` for a row that is too long to be one."""
    try:
        yield
    except RowTooLongError as error:
        most = MAX_ROW_BYTES >> 20
        raise DataError("row-too-long", file=file, line=error.line, most=most) from None


def _list_separators(path: str | Path, file: str, delimiter: str | None) -> list[str]:
    """What may separate cells: the given character alone, else first of all that of the suffix."""
    if delimiter is None:
        path = path if isinstance(path, Path) else Path(path)
        suffix = strip_compression(path).suffix.lower()
        if suffix not in DELIMITERS:
            name = to_printable_name(file)
            raise DataError("unknown-format-of-file", file=name, known=list(DELIMITERS))
        usual = DELIMITERS[suffix]
        return [usual, *(separator for separator in SEPARATORS if separator != usual)]
    separator = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter)
    if not _is_separator(separator):
        raise UsageError("bad-delimiter", value=delimiter)
    return [separator]


def _is_separator(text: str) -> bool:
    """Whether a text is a single ASCII character that can separate cells."""
    return len(text) == 1 and text.isascii() and not text.isalnum() and text not in '"\r\n\0'


def _trim_newlines(text: bytes | memoryview) -> memoryview:
    """The text without the newlines at its end."""
    view = memoryview(text).toreadonly()
    while len(view):
        tail = bytes(view[-blocks.BLOCK_BYTES :])
        trimmed = len(tail.rstrip(b"\r\n"))
        view = view[: len(view) - len(tail) + trimmed]
        if trimmed:
            break
    return view


def _split_misfits(rejects: pl.DataFrame, separator: str) -> pl.DataFrame:
    """The rows with too many or too few cells, for `extra_rows`."""
    ragged = rejects.filter(pl.col("code") == "ragged-row")
    sign = re.escape(separator)
    cells = ragged["raw"].str.extract_all(rf'"(?:[^"]|"")*"|[^"{sign}][^{sign}]*')
    return make_misfits(ragged["line"], cells.list.eval(pl.element().str.strip_chars('"')))


def _make_empty_frame(width: int) -> pl.DataFrame:
    return pl.DataFrame(schema={f"c{i}": pl.String for i in range(width)})
