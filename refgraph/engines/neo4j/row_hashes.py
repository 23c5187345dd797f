"""Hashes of rows, and what has changed between two tables that are known by them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.engines import serialization

SEED = 20_260
CONTENT_SEED = 20_261
PLACE_SEED = 20_262
PLACE_COLUMNS = ("file", "line")
"""Where a row stands in its file: it moves when another row is inserted, and says nothing new."""
KEY_COLUMNS = {
    "customers": ("id",),
    "referrals": ("referrer", "referred"),
    "orders": ("customer", "order_id"),
    "affiliations": ("customer", "group"),
}
"""What identifies a row of a table while its other cells change."""
HASHES = ("key", "content", "place")


def make_stamp(identity: str) -> str:
    """Which load and which way of hashing stored hashes belong to.

    polars promises the same hashes for the same version only.
    """
    return f"{identity} {pl.__version__}"


def hash_rows(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """key, content and place of each row as integers; the same for equal cells.

    frame: the stored columns of a table, in their order.
    """
    keys = [c for c in KEY_COLUMNS[table] if c in frame.columns]
    places = [c for c in PLACE_COLUMNS if c in frame.columns]
    rest = [c for c in frame.columns if c not in places]
    return pl.DataFrame(
        {
            "key": _hash(frame.select(keys), SEED),
            "content": _hash(frame.select(rest), CONTENT_SEED),
            "place": _hash(frame.select(places or keys), PLACE_SEED),
        }
    )


def _hash(frame: pl.DataFrame, seed: int) -> pl.Series:
    """A hash of each row; equal rows have equal ones."""
    return frame.hash_rows(seed)


def pack(hashes: pl.DataFrame) -> bytes:
    """The hashes of some rows as bytes: 24 for each."""
    return np.ascontiguousarray(hashes.select(HASHES).to_numpy().astype("<u8")).tobytes()


def unpack(packed: bytes) -> pl.DataFrame:
    """The hashes that `pack` has packed."""
    values = np.frombuffer(packed, "<u8").reshape(-1, len(HASHES))
    return pl.DataFrame({name: values[:, i] for i, name in enumerate(HASHES)})


@dataclass(frozen=True, eq=False, kw_only=True)
class TableChanges:
    """What a new table changes in an old one. Rows of the new table by ``index``, of the old by
    ``row``.

    same, moved, updated: frames of both: equal rows, equal ones that stand elsewhere in the file,
    and those whose cells differ. added: index. removed: row and key (the hash).
    """

    table: str
    same: pl.DataFrame
    moved: pl.DataFrame
    updated: pl.DataFrame
    added: pl.DataFrame
    removed: pl.DataFrame

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return not sum(f.height for f in (self.moved, self.updated, self.added, self.removed))


def compare_rows(table: str, old: pl.DataFrame, new: pl.DataFrame) -> TableChanges:
    """The changes. old: hashes and ``row``. new: hashes, whose order gives ``index``.

    Of equal rows the n-th of one table belongs to the n-th of the other, then of rows with equal
    keys.
    """
    new = new.with_row_index("index")
    is_unique = table in serialization.UNIQUE_KEY_TABLES
    on = ["key", "content"] if is_unique else ["key", "content", "rank"]
    old, new = _rank(old, on), _rank(new, on)
    same = new.join(old, on=on, suffix="_old")
    rest_new, rest_old = new.join(old, on=on, how="anti"), old.join(new, on=on, how="anti")
    on = ["key"] if is_unique else ["key", "rank"]
    rest_old, rest_new = _rank(rest_old, on), _rank(rest_new, on)
    is_moved = pl.col("place") != pl.col("place_old")
    return TableChanges(
        table=table,
        same=same.filter(~is_moved).select("index", "row"),
        moved=same.filter(is_moved).select("index", "row"),
        updated=rest_new.join(rest_old, on=on, suffix="_old").select("index", "row"),
        added=rest_new.join(rest_old, on=on, how="anti").select("index").sort("index"),
        removed=rest_old.join(rest_new, on=on, how="anti").select("row", "key"),
    )


def _rank(frame: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    """With a number for each row among those that are equal in the other columns of ``on``."""
    if "rank" not in on:
        return frame
    others = [name for name in on if name != "rank"]
    return frame.with_columns(pl.int_range(pl.len()).over(others).alias("rank"))
