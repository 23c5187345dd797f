"""The fingerprint of tables: SHA-256 over their content in a canonical order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

ROWS_PER_SLICE = 1 << 18
"""Rows hashed at a time, so that copies stay small."""

_FIXED_WIDTH_TYPES: dict[type[pl.DataType], tuple[str, str]] = {
    pl.Float64: ("number", "<f8"),
    pl.Date: ("day", "<i4"),
    pl.Boolean: ("truth", "u1"),
}
"""Kind of a column whose cells have one width, and the type that they are hashed as.

A column of any other type is hashed as text.
"""


def compute_fingerprint(tables: Mapping[str, tuple[pl.DataFrame, Sequence[str]]]) -> str:
    """SHA-256 in hex over all cells of all tables that have rows; the same for any order of rows.

    tables: name -> frame and the order of its columns.
    Rows are sorted by the first column, ties by the next, and so on (text by bytes, null last), and
    each column is hashed in that order: its name and kind, then the hash of the lengths of its
    cells and the hash of their content. The table could be read back from that, so two tables are
    alike only if SHA-256 is broken. A column without any cell does not count.
    Floats are hashed by their bits, -0.0 as 0.0, and dates by their number since 1970-01-01, all
    little-endian. So nothing depends on how a library hashes, prints or sorts.
    """
    digest = hashlib.sha256()
    for table, (frame, names) in tables.items():
        if frame.height:
            nulls = dict(zip(frame.columns, frame.null_count().row(0), strict=True))
            columns = [frame[name] for name in names if nulls[name] < frame.height]
            order = _find_canonical_order(columns, frame.height)
            digest.update(f"{table} {frame.height} {len(columns)}\n".encode())
            for column in columns:
                digest.update(_hash_column(column, order))
    return digest.hexdigest()


def _find_canonical_order(columns: Sequence[pl.Series], n: int) -> np.ndarray | None:
    """int64[n]: the rows in order of their cells; None if they are in that order already.

    Each column sorts only the rows that tie in all columns before it. positions: where tied rows
    stand in the order; group: for each of them, the first position of the rows it ties with.
    """
    order: np.ndarray | None = None
    positions, group = np.arange(n), np.zeros(n, np.int32)
    for column in columns:
        if len(positions) < 2:
            break
        is_untouched = order is None and len(positions) == n
        rows = positions if order is None else order[positions]
        tied = pl.DataFrame(
            {"group": group, "cell": column if is_untouched else column.gather(rows)}
        )
        keys = ["group", "cell"] if group.any() else ["cell"]
        if len(keys) > 1 or not tied["cell"].is_sorted(nulls_last=True):
            sorting = tied.select(pl.arg_sort_by(keys, nulls_last=True)).to_series()
            order = np.arange(n) if order is None else order
            order[positions] = rows[sorting.to_numpy()]
            tied = tied[sorting]
        positions, group = _find_ties(tied["group"].to_numpy(), tied["cell"], positions)
    return order


def _find_ties(
    group: np.ndarray, cell: pl.Series, positions: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Positions of sorted rows that equal a neighbor, and the first position of their equals."""
    n = len(positions)
    starts_group = np.ones(n, bool)
    same_cell = cell.slice(1).eq_missing(cell.slice(0, n - 1)).to_numpy()
    starts_group[1:] = (group[1:] != group[:-1]) | ~same_cell
    is_tied = ~starts_group
    is_tied[:-1] |= is_tied[1:]
    start = np.maximum.accumulate(np.where(starts_group, np.arange(n), 0))
    return positions[is_tied], positions[start][is_tied].astype(np.int32)


def _hash_column(column: pl.Series, order: np.ndarray | None) -> bytes:
    """Name and kind of a column, the hash of its lengths, and the hash of its content."""
    kind = _FIXED_WIDTH_TYPES.get(type(column.dtype), ("text", ""))[0]
    length_digest, content_digest = hashlib.sha256(), hashlib.sha256()
    for part in _iterate_slices(column, order):
        lengths, content = _encode_cells(part)
        length_digest.update(lengths)
        content_digest.update(content)
    name = column.name.encode()
    head = b"%d:%s %s " % (len(name), name, kind.encode())
    return head + length_digest.digest() + content_digest.digest()


def _iterate_slices(column: pl.Series, order: np.ndarray | None) -> Iterator[pl.Series]:
    """The column in the given order, in slices."""
    for start in range(0, len(column), ROWS_PER_SLICE):
        if order is None:
            yield column.slice(start, ROWS_PER_SLICE)
        else:
            yield column.gather(order[start : start + ROWS_PER_SLICE])


def _encode_cells(part: pl.Series) -> tuple[bytes, bytes]:
    """The lengths of the cells, and the cells one after the other.

    The length of a text is -1 for null; of a cell of fixed width, 1, or 0 for null.
    """
    if type(part.dtype) not in _FIXED_WIDTH_TYPES:
        text = part if part.dtype == pl.String else part.cast(pl.String)
        length = text.str.len_bytes().cast(pl.Int32).fill_null(-1).to_numpy()
        return length.astype("<i4").tobytes(), str(text.str.join("").item() or "").encode()
    is_filled = part.is_not_null().to_numpy().astype("u1")
    number_type = pl.Float64 if part.dtype == pl.Float64 else pl.Int32
    numbers = part.to_physical().cast(number_type).fill_null(0).to_numpy()
    numbers = numbers + numbers.dtype.type(0)  # -0.0 becomes 0.0
    width = _FIXED_WIDTH_TYPES[type(part.dtype)][1]
    return is_filled.tobytes(), numbers.astype(width).tobytes()
