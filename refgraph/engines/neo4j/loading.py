"""Dataset -> database: in batches that can be written twice, with a ledger in the transaction of each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from importlib.metadata import version
from typing import Any

import polars as pl

from refgraph.engines import archive
from refgraph.engines.base import Keep, nothing
from refgraph.engines.code import stamp
from refgraph.engines.neo4j import answers
from refgraph.engines.neo4j.apart import Apart
from refgraph.engines.neo4j.database import Database, Rows, Step
from refgraph.engines.neo4j.keeping import ACCOUNT, KEYS, TYPES, unguarded
from refgraph.engines.neo4j.lease import PROPERTIES as LOCK, Lease
from refgraph.engines.neo4j.reading import PAGE, slot
from refgraph.engines.offline import Offline
from refgraph.engines.queries import Cypher, statement
from refgraph.errors import DatabaseError, DataError, RefgraphError
from refgraph.graphs.census import census
from refgraph.model.dataset import Dataset, schema
from refgraph.model.fields import TABLES
from refgraph.model.scope import Scope
from refgraph.progress import Progress

BATCH = 10_000
REPLAYS = 5
"""How often a batch is written again of which nobody knows whether it was committed."""
LONGEST = 8_000
"""Bytes of a text that an index of Neo4j can hold."""


@dataclass(frozen=True, eq=False)
class Plan:
    """What is to be written: tables in their order of rows, what is told of them, and who they are."""

    tables: Mapping[str, pl.DataFrame]
    about: Mapping[str, Any]
    identity: str
    data: Dataset
    source: str
    keep: Keep

    @property
    def fingerprint(self) -> str:
        """That of the Dataset; it takes seconds for millions of rows."""
        return self.data.fingerprint

    @cached_property
    def told(self) -> dict[str, str]:
        """What `told` says of the Dataset."""
        return told(self.data, self.keep)

    @property
    def rows(self) -> dict[str, int]:
        """Table -> rows."""
        return {table: frame.height for table, frame in self.tables.items()}


def plan(data: Dataset, source: str, keep: Keep = nothing) -> Plan:
    """The plan for a Dataset. Raises DataError ``group-too-long``, ``attribute-reserved``."""
    tables, told = archive.frames(data), archive.about(data)
    ids = tables["customers"]["id"]
    told["cuts"] = ids.gather_every(PAGE, PAGE - 1).to_list()
    if "affiliations" in tables:
        for name in tables["affiliations"].filter(pl.col("group").str.len_bytes() > LONGEST)["group"].head(1):
            raise DataError("group-too-long", group=f"{name[:40]}…", most=LONGEST)
    for table in TABLES:
        if "refgraph_row" in told["columns"].get(table, ()):
            raise DataError("attribute-reserved", name="refgraph_row", table=table)
    return Plan(tables, told, archive.identity(told, tables), data, source, keep)


def told(data: Dataset, keep: Keep) -> dict[str, str]:
    """What only the whole tells, as JSON: the census and the answers to keep, and by which code; it takes a Graph."""
    whole = Offline(data)
    return {"census": _json(census(data, whole.graph(Scope())).as_json()), "answers": _json(answers.kept(keep(whole))),
            "code": stamp()}


def prepare(database: Database) -> None:
    """Constraints and the indexes behind them, there and online. Raises DatabaseError ``db-constraint``."""
    missing = unguarded(database)
    for label in missing:
        key = KEYS[label]
        database.alone(statement("schema/unique").filled(constraint=f"refgraph_{label}_{key}", label=label, key=key))
    if missing:
        database.alone(statement("schema/online").filled(), seconds=60)


def name(database: Database, wanted: Plan) -> None:
    """Make all names of properties and types known, so that no later write brings a new one. (Labels have constraints.)"""
    ledger = {*statement("look/load").gives, "answers", "started"}
    names = ledger.union(KEYS.values(), LOCK, *(_columns(table, wanted) for table in wanted.tables))
    types = statement("write/types").filled(), {"types": sorted(TYPES)}
    try:
        database.write((statement("write/names").filled(), {"names": sorted(names)}), types)
    except DatabaseError as error:
        if error.id not in ("db-forbidden", "db-said", "db-lost-commit"):  # a load goes its way without it
            raise


def begin(database: Database, lease: Lease, wanted: Plan) -> None:
    """Write the ledger node of a new load."""
    values = {"identity": wanted.identity, "about": _json(wanted.about), "rows": _json(wanted.rows), "source": wanted.source,
              "version": version("refgraph")}  # fmt: skip
    _guarded(database, lease, (statement("write/begin").filled(), values))


def carry(database: Database, lease: Lease, wanted: Plan, done: Mapping[str, int], progress: Progress) -> None:
    """Write what is not there yet, batch after batch, and then say that all is there.

    Raises LockedError ``lease-lost``, DatabaseError; what was written before stands, and ``done`` of the ledger tells it.
    """
    reached = dict(done)
    ahead = Apart(lambda: (wanted.fingerprint, wanted.told))  # worked out while the server writes
    _carry(database, lease, wanted, reached, progress)
    ahead.wait()
    last = {"identity": wanted.identity, "done": _json(reached), "fingerprint": wanted.fingerprint}
    of_the_whole = statement("write/told").filled(), {"identity": wanted.identity, **wanted.told}
    _guarded(database, lease, (statement("write/complete").filled(), last), of_the_whole)


def _carry(database: Database, lease: Lease, wanted: Plan, reached: dict[str, int], progress: Progress) -> None:
    """Write the tables, and count in ``reached`` what is there."""
    for table, frame in wanted.tables.items():
        text = _text(table, wanted)
        values = _values(frame.select(_columns(table, wanted)))
        at, size = reached.setdefault(table, 0), BATCH
        progress(f"load-{table}", at, frame.height)
        batch = Apart(partial(_lists, values, at, size))  # turned into lists while the server writes the one before
        while at < frame.height:
            batch.wait()
            given, rows = batch.outcome(), min(size, frame.height - at)
            batch = Apart(partial(_lists, values, at + rows, size))
            try:
                _put(database, lease, text, given, rows, at, _ledger(wanted, reached | {table: at + rows}))
            except DatabaseError as error:
                if error.id != "db-memory" or size == 1:
                    raise
                size = max(size // 2, 1)
                batch = Apart(partial(_lists, values, at, size))
                continue
            at += rows
            reached[table] = at
            progress(f"load-{table}", at, frame.height)


def remove(database: Database, lease: Lease, progress: Progress) -> None:
    """Take away all that refgraph has loaded, and nothing else. Raises DatabaseError ``db-attached``."""
    _guarded(database, lease, (statement("write/removing").filled(), {}))
    for type, (start, end) in TYPES.items():
        _emptied(database, lease, statement("write/cut").filled(type=type, **{"from": start, "to": end}), progress)
    for label in KEYS:
        if label not in ("RefgraphLoad", "RefgraphLock"):
            _emptied(database, lease, statement("write/remove").filled(label=label), progress)


def _emptied(database: Database, lease: Lease, text: Cypher, progress: Progress) -> None:
    total = 0
    while removed := _guarded(database, lease, (text, {"size": BATCH}))[0][0][0]:
        total += removed
        progress("load-removed", total)


def _lists(frame: pl.DataFrame, at: int, size: int) -> dict[str, list[Any]]:
    """The columns of the next rows."""
    return {column.name: column.to_list() for column in frame.slice(at, size)}


def _put(database: Database, lease: Lease, text: Cypher, values: Mapping[str, list[Any]], rows: int, first: int,
         ledger: Step) -> None:
    given = {"rows": rows, "values": values} | ({"first": first} if "$first" in text else {})
    written = _guarded(database, lease, (text, given), ledger)[0][0][0]
    if written != rows:
        raise RefgraphError("written-differs", written=written, expected=rows)


def _guarded(database: Database, lease: Lease, *steps: Step) -> list[Rows]:
    """The steps in one transaction behind the lease; again where nobody knows whether they were committed."""
    left = REPLAYS
    while True:
        try:
            return database.write(lease.step(), *steps, guard=True)[1:]
        except DatabaseError as error:
            if error.id != "db-lost-commit" or not left:
                raise
            left -= 1


def _ledger(wanted: Plan, done: Mapping[str, int]) -> Step:
    return statement("write/done").filled(), {"identity": wanted.identity, "done": _json(done)}


def _text(table: str, wanted: Plan) -> Cypher:
    columns = [c for c in _columns(table, wanted) if c not in archive.NAMED.get(table, ())]
    if table in ACCOUNT:
        return statement("write/account").filled(label=ACCOUNT[table], plain=columns)
    kinds = schema(table)
    dates = [c for c in columns if slot(kinds.get(c, pl.String)) == "date"]
    return statement(f"write/{table}").filled(plain=[c for c in columns if c not in dates], date=dates)


def _columns(table: str, wanted: Plan) -> list[str]:
    if table in ACCOUNT:
        return wanted.tables[table].columns
    return archive.moved(wanted.about, table)


def _values(frame: pl.DataFrame) -> pl.DataFrame:
    """Days as ISO text, which the statement turns into dates of the database."""
    return frame.with_columns(pl.col(pl.Date).dt.to_string("%Y-%m-%d"))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
