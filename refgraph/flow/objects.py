"""Python objects in place of files: frames and graphs of networkx go through the same door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from refgraph import flow, intake
from refgraph.engines.base import Engine
from refgraph.engines.offline import Offline
from refgraph.errors import UsageError
from refgraph.flow import networks
from refgraph.flow.reading import Reading
from refgraph.intake.mapping import kinds
from refgraph.model.raw import RawTable
from refgraph.model.settings import Settings
from refgraph.sources import TABLES, frames
from refgraph.sources import networks as network_tables


def open_objects(source: object, reading: Reading, named: Mapping[str, object]) -> Engine:
    """The engine that answers for a SOURCE (a path, a frame of customers, a directed graph) and tables by name.

    named: table -> a frame, a path, or a list of these, in place of what SOURCE has for it; None = not given.
    Raises what `flow.open_source` and the readers of frames and networks raise.
    """
    files, tables = _parted(named)
    more: dict[str, Any] = {t: (*getattr(reading, t), *paths) for t, paths in files.items()}
    reading = replace(reading, **more)
    if network_tables.is_network(source):
        return _of_network(source, reading, tables)
    if frames.is_table(source):
        tables = {"customers": [source], **tables}
    elif source is not None and not isinstance(source, (str, Path)):
        raise UsageError("not-a-table", file="source", kind=type(source).__name__)
    path = source if isinstance(source, (str, Path)) else None
    if not tables:
        return flow.open_source(path, reading)
    settings = flow.settled(path, reading)
    anything = path is not None or any(getattr(reading, table) for table in (*TABLES, "patches"))
    found, ignored = flow.read_files(path, reading, settings) if anything else ({}, ())
    return _admitted({**found, **_read(tables, settings)}, settings, reading, ignored, str(path or ""))


def _parted(named: Mapping[str, object]) -> tuple[dict[str, list[str]], dict[str, list[object]]]:
    """Paths and frames of each table. Raises UsageError ``not-a-table`` for anything else."""
    files: dict[str, list[str]] = {table: [] for table in TABLES}
    tables: dict[str, list[object]] = {}
    for table, given in named.items():
        for one in given if isinstance(given, (list, tuple)) else [given]:
            if isinstance(one, (str, Path)):
                files[table].append(str(one))
            elif frames.is_table(one):
                tables.setdefault(table, []).append(one)
            elif one is not None:
                raise UsageError("not-a-table", file=table, kind=type(one).__name__)
    return files, tables


def _read(tables: Mapping[str, Sequence[object]], settings: Settings) -> dict[str, list[RawTable]]:
    """Frames as raw tables, cited by the name of their table, with a number where there are several."""
    found: dict[str, list[RawTable]] = {}
    for table, group in tables.items():
        of_table = partial(kinds, table=table, settings=settings)
        names = [table] if len(group) == 1 else [f"{table}-{k}" for k in range(1, len(group) + 1)]
        found[table] = [frames.read(one, name, of_table) for one, name in zip(group, names, strict=True)]
    return found


def _of_network(source: object, reading: Reading, tables: Mapping[str, Sequence[object]]) -> Engine:
    """The settings that came with the graph hold unless a file is named."""
    kept = None if reading.config else networks.settings_of(source)
    settings = replace(kept, columns=dict(reading.columns)) if kept else flow.settled(None, reading)
    found = network_tables.read(source, partial(kinds, settings=settings), networks.recorded_in(source))
    files = flow.read_files(None, reading, settings)[0] if any(getattr(reading, t) for t in (*TABLES, "patches")) else {}
    return _admitted({**found, **files, **_read(tables, settings)}, settings, reading, (), "")


def _admitted(tables: Mapping[str, Sequence[RawTable]], settings: Settings, reading: Reading, ignored: tuple[str, ...],
              source: str) -> Engine:
    return Offline(intake.admit(tables, settings, reading.intake, ignored), source)
