"""The fingerprint of tables: SHA-256 over their content in an order that the content alone decides."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

SLICE = 1 << 18
"""Rows hashed at a time: what is copied for it stays small."""
_FIXED: dict[type[pl.DataType], tuple[str, str]] = {
    pl.Float64: ("number", "<f8"), pl.Date: ("day", "<i4"), pl.Boolean: ("truth", "u1"),
}  # fmt: skip
"""Kind of a column whose cells have one width, and what a cell becomes; every other is told as text."""


def fingerprint(tables: Mapping[str, tuple[pl.DataFrame, Sequence[str]]]) -> str:
    """SHA-256 in hex over every cell of every table that has rows; the same for any order of rows.

    tables: name -> frame and the order of its columns. The rows are sorted by their first column, where these tie by the next,
    and so on (text by bytes, null last), and each column is hashed in that order: its name and kind, then the hash of the
    length of every cell and the hash of all cells. From that the table could be read back, so that two tables are alike only
    where SHA-256 is broken. Floats count by their bits, -0.0 as 0.0, days by their number since 1970-01-01, all little
    endian: no hash, no text and no order is left to a library. A column without any cell is no content.
    """
    digest = hashlib.sha256()
    for table, (frame, names) in tables.items():
        if frame.height:
            nulls = dict(zip(frame.columns, frame.null_count().row(0), strict=True))
            columns = [frame[name] for name in names if nulls[name] < frame.height]
            order = _order(columns, frame.height)
            digest.update(f"{table} {frame.height} {len(columns)}\n".encode())
            for column in columns:
                digest.update(_hashed(column, order))
    return digest.hexdigest()


def _order(columns: Sequence[pl.Series], n: int) -> np.ndarray | None:
    """int64[n]: the rows in order of their cells; None where they stand in it."""
    order: np.ndarray | None = None
    tied, group = np.arange(n), np.zeros(n, np.int32)  # places not told apart so far, and where the group of each begins
    for column in columns:
        if len(tied) < 2:
            break
        rows = tied if order is None else order[tied]
        some = pl.DataFrame({"group": group, "cell": column if len(tied) == n and order is None else column.gather(rows)})
        if group.any() or not some["cell"].is_sorted(nulls_last=True):
            by = some.select(pl.arg_sort_by(["group", "cell"] if group.any() else ["cell"], nulls_last=True)).to_series()
            order = np.arange(n) if order is None else order
            order[tied], some = rows[by.to_numpy()], some[by]
        cell, group = some["cell"], some["group"].to_numpy()
        new = np.ones(len(tied), bool)
        new[1:] = (group[1:] != group[:-1]) | ~cell.slice(1).eq_missing(cell.slice(0, len(cell) - 1)).to_numpy()
        again = ~new
        again[:-1] |= again[1:]
        begin = np.maximum.accumulate(np.where(new, np.arange(len(new)), 0))
        tied, group = tied[again], tied[begin][again].astype(np.int32)
    return order


def _hashed(column: pl.Series, order: np.ndarray | None) -> bytes:
    """Name and kind of a column, the hash of where its cells begin and end, and the hash of what they say."""
    kind = _FIXED[type(column.dtype)][0] if type(column.dtype) in _FIXED else "text"
    told, content = hashlib.sha256(), hashlib.sha256()
    for part in _slices(column, order):
        for digest, some in zip((told, content), _bytes(part), strict=True):
            digest.update(some)
    name = column.name.encode()
    return b"%d:%s %s " % (len(name), name, kind.encode()) + told.digest() + content.digest()


def _slices(column: pl.Series, order: np.ndarray | None) -> Iterator[pl.Series]:
    for start in range(0, len(column), SLICE):
        yield column.slice(start, SLICE) if order is None else column.gather(order[start : start + SLICE])


def _bytes(part: pl.Series) -> tuple[bytes, bytes]:
    """The length of each cell, -1 for null, or whether there is one; and the cells one behind the other."""
    if type(part.dtype) not in _FIXED:
        text = part if part.dtype == pl.String else part.cast(pl.String)
        length = text.str.len_bytes().cast(pl.Int32).fill_null(-1).to_numpy()
        return length.astype("<i4").tobytes(), str(text.str.join("").item() or "").encode()
    there = part.is_not_null().to_numpy().astype("u1")
    values = part.to_physical().cast(pl.Float64 if part.dtype == pl.Float64 else pl.Int32).fill_null(0).to_numpy()
    return there.tobytes(), (values + values.dtype.type(0)).astype(_FIXED[type(part.dtype)][1]).tobytes()
