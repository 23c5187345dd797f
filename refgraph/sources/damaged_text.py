"""Text that was damaged before it was read: broken characters, and words in a wrong encoding.

Broken characters cost their cells; a wrong encoding is named, never repaired.
"""

from __future__ import annotations

import re
from dataclasses import replace

import polars as pl

from refgraph.errors import DataError
from refgraph.model.raw import REJECTS_SCHEMA, RawTable
from refgraph.sources.encodings import LOST
from refgraph.sources.layout import Header, HeaderCounter

REPLACEMENT = "\ufffd"
_MAX_VALUE_CHARS = 200
_SAMPLE_BYTES = 1 << 16
_MISREAD = (("cp1252", "utf-8"), ("latin-1", "gb18030"), ("latin-1", "utf-8"), ("gb18030", "utf-8"))
"""The encoding in which a text was read by mistake, and its own."""
_SECOND_BYTE = "[\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u2122]"
MOJIBAKE = (
    f"{REPLACEMENT}|锟斤拷|烫烫烫|\u00c3[\u0080-\u00bf]|(?:[\u00e4-\u00e9]{_SECOND_BYTE}{{2}}){{2}}"
)
"""UTF-8 that was read as something else, and the replacement character."""


def reject_lost_cells(raw: RawTable) -> RawTable:
    """The table without the cells that hold `LOST`: they are null, and rejected.

    Elsewhere the replacement character takes its place.
    """
    names = [name.replace(LOST, REPLACEMENT) for name in raw.frame.columns]
    frame = raw.frame.rename(dict(zip(raw.frame.columns, names, strict=True)))
    found = []
    for column in frame.get_columns():
        is_lost = column.str.contains(LOST, literal=True).fill_null(False)
        if not is_lost.any():
            continue
        values = column.filter(is_lost).str.replace_all(LOST, REPLACEMENT, literal=True)
        found.append(_make_cell_rejects(raw, column.name, values, raw.line.filter(is_lost)))
        frame = frame.with_columns(column.set(is_lost, None))
    raw_text = pl.col("raw").str.replace_all(LOST, REPLACEMENT, literal=True)
    return replace(
        raw,
        frame=frame,
        rejects=raw.rejects.with_columns(raw_text),
        cell_rejects=pl.concat([raw.cell_rejects, *found]),
    )


def _make_cell_rejects(
    raw: RawTable, column: str, values: pl.Series, lines: pl.Series
) -> pl.DataFrame:
    frame = pl.DataFrame({"line": lines, "value": values.str.slice(0, _MAX_VALUE_CHARS)})
    return frame.select(
        file=pl.lit(raw.file),
        line="line",
        code=pl.lit("broken-character"),
        column=pl.lit(column),
        value="value",
        raw=pl.lit(None, pl.String),
        loss=pl.lit("cell"),
        at=pl.lit(None),
    ).cast(REJECTS_SCHEMA)  # type: ignore[arg-type]


def check_headers(header: Header, count_known: HeaderCounter, file: str) -> None:
    """Raise DataError ``misread-headers`` if headers would be known in their own encoding only."""
    names = header.names
    if header.known or all(map(str.isascii, names)):
        return
    for wrong, right in _MISREAD:
        meant = [_reread(name, wrong, right) for name in names]
        if meant != names and count_known(meant):
            example = next((a, b) for a, b in zip(names, meant, strict=True) if a != b)
            raise DataError("misread-headers", file=file, header=example[0], meant=example[1])


def _reread(text: str, wrong: str, right: str) -> str:
    """A text by its own encoding; the text itself if that is impossible."""
    try:
        return text.encode(wrong).decode(right)
    except UnicodeError:
        return text


def count_misread_cells(text: memoryview, frame: pl.DataFrame) -> int:
    """Cells that look misread; 0 unless there is one in the first 64 KiB of the text."""
    sample = bytes(text[:_SAMPLE_BYTES])
    if sample.isascii() or not re.search(MOJIBAKE, sample.decode("utf-8", "ignore")):
        return 0
    is_misread = frame.select(pl.all().str.contains(MOJIBAKE).sum())
    return int(is_misread.sum_horizontal().item())
