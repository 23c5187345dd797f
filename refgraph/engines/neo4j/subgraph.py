"""Database -> Dataset of only those parties that matter for a question about a few of them.

Cypher follows referrals one step per statement, from the parties that the last step found, so a
long chain costs one fast statement per level and no path is ever held in memory. For a small
company, after many steps or with many parties, reading everything is faster.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import polars as pl

from refgraph.engines import serialization
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.load_record import LoadRecord
from refgraph.engines.neo4j.reading import read_customer_table, read_ledger
from refgraph.engines.queries import load_statement
from refgraph.model.dataset import Dataset
from refgraph.registry import Neighborhood

Direction = Literal["below", "above", "around"]
DIRECTIONS: dict[Neighborhood, tuple[Direction, ...]] = {
    "below": ("below",),
    "between": ("above", "around"),
}
"""Where to look for the parties that matter, in order. A downward path between two parties runs
only through ancestors of the lower one, who are few; without such a path, everybody connected with
the two matters."""

SMALL_COMPANY = 5_000
"""Parties up to which the whole company is read."""
MAX_PARTIES = 20_000
"""Parties of a part above which the whole company is read."""
MAX_STEPS = 200
"""Steps from the parties in question above which the whole company is read."""
IDS_PER_STATEMENT = 5_000


def read_subgraph(
    database: Database, record: LoadRecord, parties: Sequence[str], direction: Direction
) -> Dataset | None:
    """The part of a load around these parties; None if the whole is to be read.

    parties: ids. direction: ``below`` reads their descendants and the other referrers of these,
    ``above`` their ancestors, ``around`` everybody connected with them. Raises DatabaseError.
    """
    if record.rows["customers"] <= SMALL_COMPANY:
        return None
    inner = _collect_parties(database, sorted(set(parties)), direction)
    if inner is None:
        return None
    everybody = set(inner)
    if direction == "below":
        referrers = _find_neighbors(database, "above", sorted(inner))
        if referrers is None:
            return None
        everybody.update(referrers)
    ids = {"customers": sorted(everybody), "referrals": sorted(inner), "orders": sorted(everybody)}
    return _read_tables(database, record, ids)


def _read_tables(database: Database, record: LoadRecord, ids: Mapping[str, list[str]]) -> Dataset:
    """A Dataset of the rows of these ids, by table, with the ledger of the whole load."""
    tables = {}
    for table in record.metadata["columns"]:
        ranges = [{"ids": chunk} for chunk in _split_ids(ids.get(table, []))]
        # affiliations decide no such question: they have no statement for parts, and none are read
        folder = "subgraph" if ranges else "read"
        tables[table] = read_customer_table(database, f"{folder}/{table}", table, record, ranges)
    for table in ("findings", "rejects"):
        tables[table] = pl.DataFrame(schema=dict(serialization.SUMMARY_SCHEMAS[table]))
    tables["ledger"] = read_ledger(database, record)
    return serialization.restore_dataset(record.metadata, tables)


def _collect_parties(database: Database, start: list[str], direction: Direction) -> set[str] | None:
    """All parties reachable from ``start``; None if one of those is unknown, or for too many."""
    known = database.read(load_statement("subgraph/known").to_cypher(), ids=start)[0][0]
    if len(known) < len(start):
        return None
    seen, newest = set(known), known
    for _ in range(MAX_STEPS + 2):  # the last two find nobody new, and notice it
        if not newest:
            return seen
        neighbors = _find_neighbors(database, direction, newest)
        if neighbors is None:
            return None
        newest = sorted(set(neighbors) - seen)
        seen.update(newest)
        if len(seen) > MAX_PARTIES:
            return None
    return None


def _find_neighbors(database: Database, direction: Direction, ids: list[str]) -> list[str] | None:
    """Ids of the neighbors of these parties, sorted; None for too many."""
    text = load_statement(f"subgraph/{direction}").to_cypher()
    neighbors: set[str] = set()
    for chunk in _split_ids(ids):
        neighbors.update(database.read(text, ids=chunk, limit=MAX_PARTIES + 1)[0][0])
        if len(neighbors) > MAX_PARTIES:
            return None
    return sorted(neighbors)


def _split_ids(ids: list[str]) -> list[list[str]]:
    starts = range(0, len(ids), IDS_PER_STATEMENT)
    return [ids[start : start + IDS_PER_STATEMENT] for start in starts]
