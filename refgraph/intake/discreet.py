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
    """A Dataset that was kept with such columns, without what stands in them."""
    told = [f for f in FIELDS if f"{f.table}.{f.name}" in dataset.recorded]
    if not told:
        return dataset
    blank = {f.name: pl.lit(None, schema(f.table)[f.name]) for f in told}
    gone = {f"{f.table}.{f.name}" for f in told}
    return replace(dataset, customers=dataset.customers.with_columns(**blank), recorded=dataset.recorded - gone,
                   warnings=tuple(sorted((*dataset.warnings, (WARNING, len(told))))))
