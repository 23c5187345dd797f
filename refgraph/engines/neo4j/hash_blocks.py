"""Hashes of all rows, kept beside a load in blocks: what a sync compares a new file with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from refgraph.engines.neo4j.batches import write_under_lease
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.lease import Lease
from refgraph.engines.neo4j.load_plan import LoadPlan
from refgraph.engines.neo4j.row_hashes import HASHES, hash_rows, make_stamp, pack, unpack
from refgraph.engines.queries import load_statement

Blocks = dict[str, pl.DataFrame]
SYNCED_TABLES = ("customers", "referrals", "orders", "affiliations")
BLOCK_ROWS = 10_000
BLOCKS_PER_BATCH = 20
"""Blocks written in one transaction: about 5 MB."""


def hash_plan(plan: LoadPlan) -> dict[str, pl.DataFrame]:
    """Table -> the hashes of all its rows, in their order."""
    return {
        table: hash_rows(plan.tables[table].select(plan.select_columns(table)), table)
        for table in SYNCED_TABLES
        if table in plan.tables
    }


def write_blocks(
    database: Database, lease: Lease, identity: str, hashes: Mapping[str, pl.DataFrame]
) -> None:
    """Keep the hashes of a load, table by table, in the order of the row numbers."""
    stamp = make_stamp(identity)
    text = load_statement("sync/write_blocks").to_cypher()
    blocks = list(_cut(hashes))
    for first in range(0, len(blocks), BLOCKS_PER_BATCH):
        ids, packed = zip(*blocks[first : first + BLOCKS_PER_BATCH], strict=True)
        values = {"ids": list(ids), "hashes": list(packed), "stamp": stamp}
        write_under_lease(database, lease, (text, values))
    remove = load_statement("sync/remove_blocks").to_cypher()
    write_under_lease(database, lease, (remove, {"stamp": stamp}))


def _cut(hashes: Mapping[str, pl.DataFrame]) -> Iterator[tuple[str, bytes]]:
    """Id and bytes of each block; a table without rows has one of no bytes."""
    for table, frame in hashes.items():
        for first in range(0, max(frame.height, 1), BLOCK_ROWS):
            yield f"{table}/{first // BLOCK_ROWS:08d}", pack(frame.slice(first, BLOCK_ROWS))


def read_blocks(database: Database, identity: str, rows: Mapping[str, int]) -> Blocks | None:
    """Table -> hashes with ``row``; None if they are not all there or not of this load.

    rows: table -> number of its rows.
    """
    stamp, tables = make_stamp(identity), {}
    text = load_statement("sync/blocks").to_cypher()
    for table, count in rows.items():
        found = database.read(text, prefix=f"{table}/")
        if any(row[1] != stamp for row in found):
            return None
        empty = pl.DataFrame(schema=dict.fromkeys(HASHES, pl.UInt64))
        frame = pl.concat([empty, *(unpack(bytes(row[2])) for row in found)])
        if frame.height != count or not found:
            return None
        tables[table] = frame.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    return tables
