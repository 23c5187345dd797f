"""Edge lists of SNAP and KONECT -> raw tables: comments with # or %, then two to four columns.

https://snap.stanford.edu/data/, http://konect.cc/ (``out.NAME``: from, to, weight, time).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from refgraph.errors import DataError
from refgraph.model.raw import RawTable
from refgraph.sources.content import read_bytes, to_printable_name
from refgraph.sources.decode import decode
from refgraph.sources.frames import to_raw_table
from refgraph.sources.options import Dialect

HEADERS = ("from", "to", "weight", "time")
"""What the columns are called; a weight is no share."""

COMMENT_SIGNS = (b"#", b"%")

_HEAD_BYTES = 1 << 16


def is_edge_list(path: Path) -> bool:
    """Whether a file of text begins with a comment as edge lists do, and not as a note in Markdown.

    Raises as `read_bytes`.
    """
    head = read_bytes(path, _HEAD_BYTES).removeprefix(b"\xef\xbb\xbf")
    if not head.startswith(COMMENT_SIGNS):
        return False
    lines = head.splitlines()[: -1 if len(head) == _HEAD_BYTES else None]
    first = next(
        (line for line in lines if line.strip() and not line.startswith(COMMENT_SIGNS)), b""
    )
    return 2 <= len(first.split()) <= len(HEADERS) and b"," not in first


def read(path: Path, file: str, dialect: Dialect) -> RawTable:
    """The edges of a file; comments are no rows.

    Raises FileError; DataError ``encoding-error``, ``empty-file``, ``not-an-edge-list`` for a line
    of another number of columns than the first.
    """
    shown = to_printable_name(file)
    text = bytes(decode(read_bytes(path), shown, dialect.encoding)).decode()
    line = pl.Series("text", text.split("\n"), dtype=pl.String)
    rows = pl.DataFrame([line]).with_row_index("line", 1)
    rows = rows.with_columns(pl.col("text").str.strip_chars()).filter(
        (pl.col("text") != "") & ~pl.col("text").str.contains("^[#%]")
    )
    cells = rows["text"].str.extract_all(r"\S+")
    width = int(cells.list.len().max() or 0)  # type: ignore[arg-type]
    is_other = cells.list.len() != width
    if not 2 <= width <= len(HEADERS) or is_other.any():
        wrong = rows["line"].filter(is_other)
        raise DataError("not-an-edge-list", file=shown, line=wrong[0] if len(wrong) else 1)
    columns = [cells.list.get(k).alias(HEADERS[k]) for k in range(width)]
    return to_raw_table(HEADERS[:width], columns, shown, rows["line"].cast(pl.Int64))


def read_headers(path: Path, file: str, dialect: Dialect) -> list[str]:
    """The headers of a file. Raises FileError."""
    read_bytes(path, 0)
    return list(HEADERS)
