"""CSV and TSV files -> raw tables of text: the dialect is declared or told by the suffix, never guessed."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path, PurePath

import numpy as np
import polars as pl

from refgraph.errors import DataError, RefgraphError, UsageError, together
from refgraph.model.raw import RawTable, no_rejects
from refgraph.sources import blocks
from refgraph.sources.content import content, cited
from refgraph.sources.decode import decode

DELIMITERS = {".csv": ",", ".tsv": "\t", ".tab": "\t", ".txt": "\t"}
"""What separates the cells of a file with each suffix."""

MOST_COLUMNS = 16_384
"""Columns that a file may have; a spreadsheet has no more."""

_HEAD = 1 << 18
_NO_HEADER = re.compile(r"^[\s\ufeff]+|[\s\ufeff]+$")


def read(
    source: str | Path | bytes, file: str, *, delimiter: str | None = None, encoding: str | None = None
) -> RawTable:
    """A file, or its bytes, as a table of text. The grammar is that of `kernels.records`.

    file: the name to cite; for bytes it also tells the delimiter. delimiter: one ASCII character, or "tab";
    None = by suffix. encoding: see `decode`.
    Cells stay as written, an empty one (quoted or not) is null. Headers lose white space around them. Lines
    without any byte are no rows. Columns without header are left out if they are empty.
    Rows at fault become rejects: ragged-row (value = cells found/expected), unclosed-quote, stray-quote,
    nul-character, field-too-long (over `blocks.LIMIT` characters); their raw text ends in an ellipsis where
    it is longer than `blocks.RAW` characters.
    Raises FileError (see `content`); UsageError unknown-encoding, bad-delimiter; DataError
    unknown-format-of-file, encoding-error, empty-file, nul-header, broken-header, too-many-columns,
    duplicate-header, missing-header.
    """
    separator = _separator(file if isinstance(source, bytes) else str(source), file, delimiter)
    file = cited(file)
    data = source if isinstance(source, bytes) else content(source)
    text = _trimmed(decode(data, file, encoding))
    del data
    names, at, line = _names(text, file, separator)
    parts = list(blocks.blocks(text, at, line, separator, len(names)))
    frame = pl.concat([part.frame for part in parts]) if parts else _empty(len(names))
    rejects = pl.concat([part.rejects for part in parts]) if parts else no_rejects()
    lines = np.concatenate([part.lines for part in parts]) if parts else np.empty(0, np.int64)
    return RawTable(
        file=file,
        frame=headed(frame, names, file),
        line=pl.Series("line", lines, pl.Int64),
        read=frame.height + rejects.height,
        rejects=rejects.with_columns(file=pl.lit(file, pl.String)),
    )


def headers(
    path: str | Path, file: str, *, delimiter: str | None = None, encoding: str | None = None
) -> list[str]:
    """The headers of a file, from its first 256 KiB alone; raises what `read` raises for these."""
    separator = _separator(str(path), file, delimiter)
    file = cited(file)
    data = content(path, _HEAD)
    text = _trimmed(decode(data, file, encoding, partial=len(data) == _HEAD))
    return _names(text, file, separator)[0]


def _separator(path: str, file: str, delimiter: str | None) -> str:
    if delimiter is None:
        suffix = PurePath(path).suffix.lower()
        if suffix not in DELIMITERS:
            raise DataError("unknown-format-of-file", file=cited(file), known=list(DELIMITERS))
        return DELIMITERS[suffix]
    one = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter)
    if len(one) != 1 or not one.isascii() or one.isalnum() or one in '"\r\n\0':
        raise UsageError("bad-delimiter", value=delimiter)
    return one


def _trimmed(text: bytes | memoryview) -> memoryview:
    """The text without the newlines at its end."""
    view = memoryview(text).toreadonly()
    while len(view):
        tail = bytes(view[-blocks.WINDOW :])
        ended = len(tail.rstrip(b"\r\n"))
        view = view[: len(view) - len(tail) + ended]
        if ended:
            break
    return view


def _names(text: memoryview, file: str, separator: str) -> tuple[list[str], int, int]:
    """The headers, and offset and line of what follows them."""
    cells, at, line = blocks.header(text, separator)
    if cells == "nul-character":
        raise DataError("nul-header", file=file, line=line)
    if isinstance(cells, str):
        raise DataError("broken-header", file=file, line=line, code=cells)
    if not cells:
        raise DataError("empty-file", file=file)
    if len(cells) > MOST_COLUMNS:
        raise DataError("too-many-columns", file=file, found=len(cells), most=MOST_COLUMNS)
    return [header(cell) for cell in cells], at, line


def header(cell: str) -> str:
    """A header without the white space and byte order marks around it."""
    return _NO_HEADER.sub("", cell)


def headed(frame: pl.DataFrame, names: list[str], file: str) -> pl.DataFrame:
    """The frame (columns c0, c1 ...) with its headers; columns without one are left out where they are empty.

    Raises DataError ``duplicate-header``, ``missing-header``, with all faults together.
    """
    faults: list[RefgraphError] = []
    twice = [name for name, count in Counter(names).items() if name and count > 1]
    if twice:
        faults.append(DataError("duplicate-header", file=file, headers=twice))
    empty = [column.null_count() == len(column) for column in frame]
    nameless = [i + 1 for i, name in enumerate(names) if not name and not empty[i]]
    if nameless or not any(names):
        faults.append(DataError("missing-header", file=file, columns=nameless or [1]))
    if faults:
        raise together(faults)
    return frame.select(pl.col(f"c{i}").alias(name) for i, name in enumerate(names) if name)


def _empty(width: int) -> pl.DataFrame:
    return pl.DataFrame(schema={f"c{i}": pl.String for i in range(width)})
