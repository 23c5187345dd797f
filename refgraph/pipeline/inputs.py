"""Python objects as a source: frames and networkx graphs take the same path as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from refgraph import intake, pipeline
from refgraph.engines.base import Engine
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.intake.mapping import find_field_types
from refgraph.model.dataset import Dataset
from refgraph.model.fields import TABLE_NAMES
from refgraph.model.parameter_values import describe_value
from refgraph.model.raw import RawTable, Tables
from refgraph.model.scope import Scope
from refgraph.model.settings import Settings
from refgraph.pipeline import networkx_interchange
from refgraph.pipeline.options import SourceOptions
from refgraph.pipeline.pseudonymous import hide_engine, hide_errors
from refgraph.sources import frames, networks

Frames = Mapping[str, Sequence[object]]
"""Table name -> frames of that table."""


def open_objects(source: object, options: SourceOptions, tables: Mapping[str, object]) -> Engine:
    """Open a source (a path, a frame of customers or a directed graph) and further tables.

    tables: name -> a frame, a path, or a list of these, in place of that table of the source;
    None = not given.
    Raises UsageError ``not-a-table``; else as `pipeline.open_source` and the readers of frames and
    networks.
    """
    with hide_errors(options):
        return hide_engine(_open_engine(source, options, tables), options)


def _open_engine(source: object, options: SourceOptions, tables: Mapping[str, object]) -> Engine:
    paths_by_table, frames_by_table = _split_paths_and_frames(tables)
    options = _add_files(options, paths_by_table)
    if networks.is_network(source):
        return _open_network(source, options, frames_by_table)
    path = None
    if isinstance(source, (str, Path)):
        path = source
    elif frames.is_table(source):
        frames_by_table = {"customers": [source], **frames_by_table}
    elif source is not None:
        raise UsageError("not-a-table", file="source", kind=type(source).__name__)
    if not frames_by_table:
        return pipeline.open_source(path, options)

    settings = pipeline.load_settings(path, options)
    files = Tables()
    if path is not None or options.has_files:
        files = pipeline.read_files(path, options, settings)
    raw_tables = {**files.by_name, **_read_frames(frames_by_table, settings)}
    dataset = intake.build_dataset(raw_tables, settings, options.intake, files.ignored)
    return OfflineEngine(dataset, str(path or ""))


def open_dataset(data: object) -> OfflineEngine:
    """The engine in memory for a Dataset. Raises UsageError ``not-a-dataset`` for anything else."""
    if not isinstance(data, Dataset):
        raise UsageError("not-a-dataset", value=describe_value(data))
    return OfflineEngine(data)


def check_scope(scope: object) -> Scope:
    """The Scope itself. Raises UsageError ``not-a-scope`` for anything else."""
    if not isinstance(scope, Scope):
        raise UsageError("not-a-scope", value=describe_value(scope))
    return scope


def _split_paths_and_frames(
    tables: Mapping[str, object],
) -> tuple[dict[str, list[str]], dict[str, list[object]]]:
    """Paths and frames of each table. Raises UsageError ``not-a-table`` for anything else."""
    paths: dict[str, list[str]] = {}
    frames_by_table: dict[str, list[object]] = {}
    for table, value in tables.items():
        for item in value if isinstance(value, (list, tuple)) else [value]:
            if isinstance(item, (str, Path)):
                paths.setdefault(table, []).append(str(item))
            elif frames.is_table(item):
                frames_by_table.setdefault(table, []).append(item)
            elif item is not None:
                raise UsageError("not-a-table", file=table, kind=type(item).__name__)
    return paths, frames_by_table


def _add_files(options: SourceOptions, paths: Mapping[str, Sequence[str]]) -> SourceOptions:
    """The options with further files for some tables."""
    changes: dict[str, Any] = {
        table: (*getattr(options, table), *paths[table]) for table in TABLE_NAMES if table in paths
    }
    return replace(options, **changes)


def _read_frames(frames_by_table: Frames, settings: Settings) -> dict[str, list[RawTable]]:
    """Frames as raw tables, cited as ``orders``, or as ``orders-1`` if there are several."""
    raw_tables: dict[str, list[RawTable]] = {}
    for table, group in frames_by_table.items():
        find_types = partial(find_field_types, table=table, settings=settings)
        raw_tables[table] = []
        for number, frame in enumerate(group, 1):
            name = table if len(group) == 1 else f"{table}-{number}"
            raw_tables[table].append(frames.read(frame, name, find_types))
    return raw_tables


def _open_network(source: object, options: SourceOptions, frames_by_table: Frames) -> Engine:
    """A graph with the settings stored in it, unless the options name a settings file."""
    settings = None if options.config else networkx_interchange.read_settings(source)
    if settings is None:
        settings = pipeline.load_settings(None, options)
    else:
        settings = replace(settings, columns=dict(options.columns))
    find_types = partial(find_field_types, settings=settings)
    recorded = networkx_interchange.read_recorded_columns(source)
    raw_tables: dict[str, Sequence[RawTable]] = {}
    raw_tables |= networks.read(source, find_types, recorded)
    if options.has_files:
        raw_tables |= pipeline.read_files(None, options, settings).by_name
    raw_tables |= _read_frames(frames_by_table, settings)
    return OfflineEngine(intake.build_dataset(raw_tables, settings, options.intake, ()), "")
