"""``snapshot``: the graphs of databases that are stored on this machine."""

from __future__ import annotations

import polars as pl

from refgraph.engines.neo4j import snapshots
from refgraph.engines.neo4j.snapshots import clear_snapshots
from refgraph.model.message import message
from refgraph.model.result import Column, Result
from refgraph.model.scope import Scope
from refgraph.model.units import Unit

__all__ = ["clear_snapshots", "list_snapshots"]

COLUMNS = (
    Column("snapshot", Unit.ID),
    Column("database", Unit.TEXT),
    Column("rows", Unit.COUNT, key="snapshot_rows"),
    Column("bytes", Unit.COUNT),
    Column("version", Unit.TEXT, key="database_version", detail=True),
)
SCHEMA = {
    "snapshot": pl.String,
    "database": pl.String,
    "rows": pl.Int64,
    "bytes": pl.Int64,
    "version": pl.String,
}


def list_snapshots() -> Result:
    """One row per snapshot. Raises FileError ``no-cache``."""
    rows = [(s.name, s.source, s.rows, s.bytes, s.version) for s in snapshots.list_snapshots()]
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    headline = message(
        "headline.snapshots",
        snapshots=frame.height,
        bytes=int(frame["bytes"].sum()),
        folder=str(snapshots.find_snapshot_folder()),
    )
    return Result(
        analysis="snapshot",
        parameters={},
        scope=Scope(),
        frame=frame,
        columns=COLUMNS,
        grain="snapshot",
        headline=headline,
    )
