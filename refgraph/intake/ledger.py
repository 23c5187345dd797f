"""The ledger: per file and table, rows read = used + rejected + duplicates + skipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl

from refgraph.errors import RefgraphError
from refgraph.intake.partition import Partition
from refgraph.model.dataset import LEDGER_COUNTS, LEDGER_SCHEMA
from refgraph.model.fields import FIELDS_BY_TABLE
from refgraph.model.raw import MATCHES, PATCH, RawTable


class RowsRead(NamedTuple):
    """How many rows of a file were read for a table, and how many of them its reader skipped."""

    file: str
    table: str
    read: int
    skipped: int = 0


def list_rows_read(
    raws: Mapping[str, Sequence[RawTable]],
    listed_referrals: pl.DataFrame,
    split_rows: Mapping[str, int],
) -> list[RowsRead]:
    """Rows read from each file, in the order of the tables.

    listed_referrals: referrals that files of customers and patches name in a cell; they count as
    rows of referrals read from these files. split_rows: file of referrals -> referrals that its
    rows name beyond one each; they count as rows, too.
    """
    rows = []
    for table in (*FIELDS_BY_TABLE, PATCH, MATCHES):
        for raw in raws.get(table, ()):
            further = split_rows.get(raw.file, 0) if table == "referrals" else 0
            rows.append(RowsRead(raw.file, table, raw.rows_read + further, raw.rows_skipped))
    counts = _count_rows_by_file(listed_referrals)
    return rows + [RowsRead(file, "referrals", count) for file, count in counts.items()]


def build_ledger(
    rows_read: Sequence[RowsRead],
    partitions: Mapping[str, Partition],
    cell_rejects: pl.DataFrame,
    row_rejects: pl.DataFrame,
) -> pl.DataFrame:
    """The ledger, columns `LEDGER_SCHEMA`, one row per file and table.

    cell_rejects: one per fault, so several may belong to one row. row_rejects: one per row, so
    several may cite one line. Both with the column ``table``.
    Every number is counted independently of the others. Raises RefgraphError ``ledger-differs`` if
    they do not add up: there is no answer when rows are lost.
    """
    used = {table: _count_rows_by_file(part.accepted) for table, part in partitions.items()}
    duplicates = {table: _count_rows_by_file(part.duplicates) for table, part in partitions.items()}
    rejected = _count_rejected_rows(cell_rejects, row_rejects)
    cells = _count_rejected_cells(cell_rejects)
    skipped_later = {
        table: _count_rows_by_file(part.skipped)
        for table, part in partitions.items()
        if part.skipped is not None
    }
    rows = []
    for file, table, read, skipped in rows_read:
        parts = (
            used[table].get(file, 0),
            rejected.get((table, file), 0),
            duplicates[table].get(file, 0),
            skipped + skipped_later.get(table, {}).get(file, 0),
            cells.get((table, file), 0),
        )
        rows.append((file, table, read, *parts))
    ledger = pl.DataFrame(rows, schema=LEDGER_SCHEMA, orient="row")
    differs = ledger.filter(pl.col("read") != pl.sum_horizontal(LEDGER_COUNTS[1:]))
    if differs.height:
        raise RefgraphError("ledger-differs", **differs.row(0, named=True))
    return ledger


def _count_rows_by_file(frame: pl.DataFrame) -> dict[str, int]:
    return dict(frame.group_by("file").len().sort("file").iter_rows())


def _count_rejected_rows(
    cell_rejects: pl.DataFrame, row_rejects: pl.DataFrame
) -> dict[tuple[str, str], int]:
    """(table, file) -> rejected rows; faults that cost a line are one row."""
    costly = cell_rejects.filter(pl.col("loss") == "row").unique(["table", "file", "line"])
    return _count_by_table_and_file(pl.concat([costly, row_rejects]))


def _count_rejected_cells(cell_rejects: pl.DataFrame) -> dict[tuple[str, str], int]:
    """(table, file) -> cells that were rejected alone."""
    return _count_by_table_and_file(cell_rejects.filter(pl.col("loss") == "cell"))


def _count_by_table_and_file(rejects: pl.DataFrame) -> dict[tuple[str, str], int]:
    counts = rejects.group_by("table", "file").len()
    return {(table, file): count for table, file, count in counts.iter_rows()}
