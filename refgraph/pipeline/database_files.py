"""Files of single tables beside a database: they replace these tables of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import polars as pl

from refgraph import intake
from refgraph.engines.base import Engine
from refgraph.engines.canonical_settings import make_canonical_settings
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.intake.mapping import UNIT_KINDS
from refgraph.model.dataset import Dataset
from refgraph.model.fields import FIELDS_BY_TABLE
from refgraph.model.plain_rows import to_plain_table
from refgraph.model.raw import PATCH, Tables
from refgraph.model.settings import Settings
from refgraph.pipeline.export_tables import list_tables
from refgraph.pipeline.options import SourceOptions


def find_file_tables(uri: str, options: SourceOptions) -> list[str]:
    """The tables that files give. Raises UsageError ``files-beside-database`` for customers."""
    if options.paths_by_table["customers"]:
        raise UsageError("files-beside-database", uri=uri)
    tables = [table for table, paths in options.paths_by_table.items() if paths]
    return [*tables, PATCH] if options.patches else tables


def add_files(
    engine: Engine, files: Tables, uri: str, options: SourceOptions, settings: Settings
) -> Engine:
    """The data of a database with the tables of files, in memory.

    settings: those of the files. Raises as the engine and intake do.
    """
    data = engine.dataset()
    engine.close()
    tables = find_file_tables(uri, options)
    named = {table: files.by_name[table] for table in tables}
    frames = {
        table: frame.cast(pl.String)
        for table, frame in list_tables(data).items()
        if table not in tables
    }
    raws = {table: [to_plain_table(frame, table)] for table, frame in frames.items()}
    known = make_canonical_settings(data.settings, data.units, frames)
    columns = {
        name: header
        for name, header in settings.columns.items()
        if name.partition(".")[0] in tables
    }
    mixed = replace(
        known,
        units={**known.units, **_list_units(tables, settings, data.settings)},
        columns={**known.columns, **columns},
        date_format=settings.date_format,
        decimal={**known.decimal, **settings.decimal},
    )
    rules = replace(options.intake, sensitive=True)
    merged = intake.build_dataset({**raws, **named}, mixed, rules, files.ignored)
    return OfflineEngine(_merge_accounts(data, merged, tables), uri)


def _list_units(tables: Collection[str], settings: Settings, stored: Settings) -> dict[str, str]:
    """The unit of each column of amounts of files; those of the database are converted already."""
    declared = {**stored.units, **settings.units}
    units = {}
    for table in tables:
        for field in FIELDS_BY_TABLE.get(table, ()):
            name = f"{table}.{field.name}"
            unit = declared.get(name) or declared.get(UNIT_KINDS.get(field.type, ""))
            if unit:
                units[name] = unit
    return units


def _merge_accounts(data: Dataset, merged: Dataset, tables: Collection[str]) -> Dataset:
    """The merged data with the ledger of the database and of the files."""
    is_of_file = pl.col("table").is_in(list(tables))
    old = {c for c in data.recorded if c.partition(".")[0] not in tables}
    ledger = pl.concat([data.ledger.filter(~is_of_file), merged.ledger.filter(is_of_file)])
    return replace(
        merged,
        recorded=merged.recorded | old,
        settings=data.settings,
        ledger=ledger,
        rejects=pl.concat([data.rejects, merged.rejects]),
        mapping={**data.mapping, **{k: v for k, v in merged.mapping.items() if k not in old}},
        warnings=tuple({**dict(data.warnings), **dict(merged.warnings)}.items()),
        ignored=(*data.ignored, *merged.ignored),
    )
