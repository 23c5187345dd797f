"""Columns that are nobody's business unless asked for (religion, politics): left out wherever data come in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from refgraph.intake.mapping import plain
from refgraph.model.dataset import Dataset, schema
from refgraph.model.fields import TABLES
from refgraph.model.raw import RawTable
from refgraph.model.settings import Settings

FIELDS = tuple(f for fields in TABLES.values() for f in fields if f.sensitive)
_HEADERS = frozenset(plain(name) for f in FIELDS for name in (f.name, *f.aliases))
WARNING = "sensitive"
Tables = dict[str, list[RawTable]]
Warnings = list[tuple[str, int]]


def left_out(raws: Mapping[str, Sequence[RawTable]], settings: Settings) -> tuple[Settings, Tables, Warnings]:
    """The raw tables without such columns, whichever table they stand in, and the settings without them; what was left out.

    Told by their headers, and by ``--column customers.religion=HEADER``.
    """
    targets = {f"{f.table}.{f.name}" for f in FIELDS}
    named = {header for target, header in settings.columns.items() if target in targets}
    found = 0
    kept: Tables = {}
    for table, group in raws.items():
        kept[table] = []
        for raw in group:
            gone = [h for h in raw.frame.columns if plain(h) in _HEADERS or h in named]
            found += len(gone)
            kept[table].append(replace(raw, frame=raw.frame.drop(gone)) if gone else raw)
    columns = {target: header for target, header in settings.columns.items() if target not in targets}
    return replace(settings, columns=columns), kept, [(WARNING, found)] if found else []


def without(dataset: Dataset) -> Dataset:
    """A Dataset that was kept with such columns, without what stands in them, in any table; and without the text of rejected
    rows, which may hold it too."""
    targets = {f"{f.table}.{f.name}" for f in FIELDS}
    tables, found = {}, 0
    for table in TABLES:
        frame = getattr(dataset, table)
        if frame is None:
            continue
        more = [c for c in frame.columns if c not in schema(table) and plain(c) in _HEADERS]
        own = [f.name for f in FIELDS if f.table == table and f"{table}.{f.name}" in dataset.recorded]
        found += len(more) + len(own)
        tables[table] = frame.drop(more).with_columns(pl.lit(None, schema(table)[name]).alias(name) for name in own)
    if not found:
        return dataset
    return replace(
        dataset, **tables, recorded=dataset.recorded - targets, rejects=dataset.rejects.with_columns(raw=pl.lit(None, pl.String)),
        mapping={target: header for target, header in dataset.mapping.items() if target not in targets},
        warnings=tuple(sorted((*dataset.warnings, (WARNING, found)))))  # fmt: skip
