"""Database -> Dataset of those parties only whom a question about a few can be about; the rest is not read.

Cypher follows the referrals one step a statement, from whoever the last step found, so a long chain costs one quick
statement a level and no path is ever held. Beyond some levels, and beyond some thousands of parties, carrying all over is
quicker, and so it is in a small company.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import polars as pl

from refgraph.engines import archive
from refgraph.engines.neo4j.database import Database
from refgraph.engines.neo4j.keeping import Load
from refgraph.engines.neo4j.reading import columns_of, framed, kinds_of, ledger, paged
from refgraph.engines.queries import statement
from refgraph.model.dataset import Dataset
from refgraph.registry import Way

Reach = Literal["below", "above", "around"]
REACHES: dict[Way, tuple[Reach, ...]] = {"below": ("below",), "between": ("above", "around")}
"""Whom to read for a question. Any way down from one party to another leads through those above the other, who are few;
only if there is none, everybody matters who is connected with the two."""

SMALL = 5_000
"""Parties of a company that is read whole."""
MOST, LEVELS = 20_000, 200
"""Parties of a part, and steps from those asked about, beyond which the whole is read."""
AT_ONCE = 5_000
"""Ids in one statement."""


def dataset(database: Database, load: Load, parties: Sequence[str], reach: Reach) -> Dataset | None:
    """Those parties (by id), all whom they brought, and who else referred these; or all who led to them (``above``); or all who
    are connected with them (``around``). None where the whole is to be read. Raises DatabaseError."""
    if load.rows["customers"] <= SMALL:
        return None
    inner = _connected(database, sorted(set(parties)), reach)
    if inner is None:
        return None
    givers = _step(database, "above", sorted(inner)) if reach == "below" else []
    if givers is None:
        return None
    members = {"customers": sorted(inner | set(givers)), "referrals": sorted(inner), "orders": sorted(inner | set(givers))}
    tables = {table: _table(database, table, load, members.get(table, [])) for table in load.about["columns"]}
    none = {table: pl.DataFrame(schema=dict(archive.ROWS[table])) for table in ("findings", "rejects")}
    return archive.restored(load.about, tables | none | {"ledger": ledger(database, load)})


def _connected(database: Database, start: list[str], reach: Reach) -> set[str] | None:
    """Everybody found by going on from whoever was found; None for somebody unknown, and for too many."""
    known = database.read(statement("part/known").filled(), ids=start)[0][0]
    if len(known) < len(start):
        return None
    seen, last = set(known), known
    for _ in range(LEVELS + 2):  # the last two: nobody is left, and that is seen
        if not last:
            return seen
        found = _step(database, reach, last)
        if found is None:
            return None
        last = sorted(set(found) - seen)
        seen.update(last)
        if len(seen) > MOST:
            return None
    return None


def _step(database: Database, reach: Reach, ids: list[str]) -> list[str] | None:
    """The neighbours of these; None for too many."""
    text, found = statement(f"part/{reach}").filled(), set[str]()
    for some in _some(ids):
        found.update(database.read(text, ids=some, most=MOST + 1)[0][0])
        if len(found) > MOST:
            return None
    return sorted(found)


def _some(ids: list[str]) -> Iterator[list[str]]:
    for at in range(0, len(ids), AT_ONCE):
        yield ids[at : at + AT_ONCE]


def _table(database: Database, table: str, load: Load, ids: list[str]) -> pl.DataFrame:
    kinds, columns = kinds_of(load, table), columns_of(load, table)
    order = [*archive.NAMED[table], *(name for names in columns.values() for name in names)]
    types = {**dict.fromkeys(archive.NAMED[table], pl.String), **kinds}
    if not ids:
        return framed(iter(()), order, types)
    text = statement(f"part/{table}").filled(**columns)
    return framed(paged(database, text, [{"ids": some} for some in _some(ids)]), order, types)
