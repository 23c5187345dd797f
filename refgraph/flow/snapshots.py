"""Graphs of databases that are kept on this machine, as a table; and how to be rid of them."""

from __future__ import annotations

import polars as pl

from refgraph.engines.neo4j import snapshots
from refgraph.engines.neo4j.snapshots import clear
from refgraph.model.message import message
from refgraph.model.result import Column, Result
from refgraph.model.scope import Scope
from refgraph.model.units import Unit

__all__ = ["clear", "listed"]
COLUMNS = (Column("snapshot", Unit.ID), Column("database", Unit.TEXT), Column("rows", Unit.COUNT, key="snapshot_rows"),
           Column("bytes", Unit.COUNT), Column("version", Unit.TEXT, key="database_version", detail=True))  # fmt: skip


def listed() -> Result:
    """One row a snapshot. Raises FileError ``no-cache``."""
    rows = [(s.name, s.source, s.rows, s.bytes, s.version) for s in snapshots.listed()]
    kinds = {"snapshot": pl.String, "database": pl.String, "rows": pl.Int64, "bytes": pl.Int64, "version": pl.String}
    frame = pl.DataFrame(rows, schema=kinds, orient="row")
    said = message("headline.snapshots", snapshots=frame.height, bytes=int(frame["bytes"].sum()), folder=str(snapshots.folder()))
    return Result("snapshot", {}, Scope(), frame, COLUMNS, "snapshot", said)
