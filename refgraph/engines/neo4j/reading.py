"""Database -> Dataset: each table as lists, page after page, several pages under way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import Any

import polars as pl

from refgraph.engines import archive
from refgraph.engines.neo4j.database import Database, Rows
from refgraph.engines.neo4j.keeping import ACCOUNT, BLANK, LAST, LINKS, NODES, Load, counts, linked, unguarded
from refgraph.engines.queries import statement
from refgraph.errors import DataError
from refgraph.model.dataset import Dataset, Kind, schema
from refgraph.model.settings import Settings
from refgraph.progress import remark

PAGE = 20_000
"""Rows of a page: what the server holds in memory at a time."""
AT_ONCE = 2
"""Pages under way: while one is taken apart here the server gathers the next."""
MANY = 5_000
"""Customers from which it is told that there are no indexes."""
_KINDS: dict[Kind, str] = {pl.Date: "date", pl.Float64: "number", pl.Int64: "whole", pl.Boolean: "flag"}
_SLOTS = ("text", "date", "number", "whole", "flag", "list")


def dataset(database: Database, load: Load, settings: Settings | None = None) -> Dataset:
    """What was loaded, the same as before. settings: in place of those that were loaded with it.

    Raises DataError ``load-incomplete`` while a load is under way or broken off, ``database-changed`` where somebody has
    added or taken away nodes or relationships since.
    """
    unchanged(database, complete(database, load))
    if load.rows["customers"] > MANY and unguarded(database):
        remark("unguarded")
    tables = {table: _table(database, table, load) for table in load.about["columns"]}
    tables |= {table: _account(database, table, load.rows[table]) for table in ACCOUNT}
    for table, frame in tables.items():
        if frame.height != load.rows[table]:
            raise DataError("database-changed", table=table, found=frame.height, loaded=load.rows[table])
    return archive.restored(load.about, tables, settings)


def complete(database: Database, load: Load) -> Load:
    """The load, if all of it is there. Raises DataError ``load-incomplete``."""
    if not load.complete:
        raise DataError("load-incomplete", state=load.spoken, uri=database.access.uri)
    return load


def unchanged(database: Database, load: Load) -> None:
    """Raises DataError ``database-changed`` where the server counts otherwise than the load."""
    nodes = counts(database)
    found = {table: nodes[NODES[table]] for table in NODES} | {table: linked(database, LINKS[table]) for table in LINKS}
    for table, number in load.rows.items():
        if found[table] != number:
            raise DataError("database-changed", table=table, found=found[table], loaded=number)


def _table(database: Database, table: str, load: Load) -> pl.DataFrame:
    kinds, columns = kinds_of(load, table), columns_of(load, table)
    ranges = _numbers(load.rows[table]) if table == "orders" else _spans(load.about["cuts"])
    text = statement(f"read/{table}").filled(**columns)
    order = [*archive.NAMED[table], *chain.from_iterable(columns.values())]
    return framed(paged(database, text, ranges), order, {**dict.fromkeys(archive.NAMED[table], pl.String), **kinds})


def kinds_of(load: Load, table: str) -> dict[str, Kind]:
    """The types of the columns of a table that are carried, those aside that no row is without."""
    return {c: schema(table).get(c, pl.String) for c in archive.moved(load.about, table) if c not in archive.NAMED[table]}


def columns_of(load: Load, table: str) -> dict[str, list[str]]:
    """The same columns by the slots of the statement that reads the table."""
    columns = by_slot(kinds_of(load, table))
    del columns["list"]
    if table != "customers":
        del columns["flag"]
    return columns


def ledger(database: Database, load: Load) -> pl.DataFrame:
    """The ledger of the load, a row a file."""
    return _account(database, "ledger", load.rows["ledger"])


def _account(database: Database, table: str, rows: int) -> pl.DataFrame:
    kinds = archive.ROWS[table]
    columns = by_slot(kinds)
    text = statement("read/account").filled(label=ACCOUNT[table], **{s: columns[s] for s in ("text", "whole", "list")})
    order = ["row", *columns["text"], *columns["whole"], *columns["list"]]
    frame = framed(paged(database, text, _numbers(rows)), order, {"row": pl.Int64, **kinds})
    return frame.sort("row").select(kinds.keys())


def by_slot(kinds: Mapping[str, Kind]) -> dict[str, list[str]]:
    """Columns of each kind of slot that a reading statement has."""
    found: dict[str, list[str]] = {slot: [] for slot in _SLOTS}
    for name, kind in kinds.items():
        found[slot(kind)].append(name)
    return found


def slot(kind: Kind) -> str:
    """The slot for a type of column."""
    if isinstance(kind, pl.List):
        return "list"
    return _KINDS.get(kind, "text")


def _spans(cuts: Sequence[str]) -> list[dict[str, object]]:
    return [{"after": after, "until": until} for after, until in pairwise(["", *cuts, LAST])]


def _numbers(rows: int) -> list[dict[str, object]]:
    return [{"first": first, "last": first + PAGE} for first in range(0, rows, PAGE)]


def paged(database: Database, text: Any, ranges: Sequence[Mapping[str, object]]) -> Iterator[tuple[Any, ...]]:
    """The lists of each page, in the order of the ranges."""
    under_way: list[Callable[[], Rows]] = []
    for bounds in ranges:
        rows = under_way.pop(0)() if len(under_way) == AT_ONCE else []
        under_way.append(database.asked(text, blank=BLANK, **bounds))
        yield from rows
    for rest in under_way:
        yield from rest()


def framed(pages: Iterator[tuple[Any, ...]], names: Sequence[str], kinds: Mapping[str, Kind]) -> pl.DataFrame:
    """Lists of pages as one frame with these columns."""
    empty = pl.DataFrame(schema={name: kinds[name] for name in names})
    frames = (pl.DataFrame([_series(n, values, kinds[n]) for n, values in zip(names, page, strict=True)]) for page in pages)
    return pl.concat([empty, *frames]).rechunk()


def _series(name: str, values: list[Any], kind: Kind) -> pl.Series:
    read = _READERS.get(slot(kind))
    return read(name, values) if read else pl.Series(name, values, dtype=kind)


def _text(name: str, values: list[str]) -> pl.Series:
    found = pl.Series(name, values, dtype=pl.String)
    blank = found == BLANK
    return found.set(blank, None) if blank.any() else found


def _whole(name: str, values: list[int]) -> pl.Series:
    found = pl.Series(name, values, dtype=pl.Int64)
    return found.set(found == -1, None)


_READERS: dict[str, Callable[[str, list[Any]], pl.Series]] = {
    "text": _text,
    "date": lambda name, values: _text(name, values).str.to_date("%Y-%m-%d"),
    "number": lambda name, values: pl.Series(name, values, dtype=pl.Float64).fill_nan(None),
    "whole": _whole,
}
