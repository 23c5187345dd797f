"""Sensitive columns (religion, politics): dropped wherever data come in, unless asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from refgraph.intake.header_matches import normalize_header
from refgraph.intake.mapping import find_headers
from refgraph.model.dataset import Dataset, get_schema
from refgraph.model.fields import FIELDS_BY_TABLE
from refgraph.model.raw import PATCH, RawTable
from refgraph.model.settings import Settings

SENSITIVE_FIELDS = tuple(f for fields in FIELDS_BY_TABLE.values() for f in fields if f.sensitive)
WARNING_CODE, WORD_CODE = "sensitive", "sensitive-word"
SENSITIVE_SOURCES = (
    *("宗教团体", "政治团体", "宗教", "教会", "寺庙", "党派", "民主党派"),
    *("religious group", "political group", "church", "political party"),
)
"""Sources of customers that are read with ``--sensitive`` only, in lower case."""
GENERAL_SOURCE = "机构团体"
"""The source to which they belong."""

_SENSITIVE_COLUMNS = frozenset(f"{f.table}.{f.name}" for f in SENSITIVE_FIELDS)
_SENSITIVE_HEADERS = frozenset(
    normalize_header(name) for f in SENSITIVE_FIELDS for name in (f.name, *f.aliases)
)

RawTables = dict[str, list[RawTable]]
WarningCounts = list[tuple[str, int]]
"""(code, count) of repairs and omissions that the user should know of."""


def drop_sensitive_columns(
    raws: Mapping[str, Sequence[RawTable]], settings: Settings
) -> tuple[Settings, RawTables, WarningCounts]:
    """Drop sensitive columns from settings and raw tables, in any table, and count them.

    They are recognized by their headers, and by ``--column customers.religion=HEADER``.
    """
    named, columns = set(), {}
    for target, header in settings.columns.items():
        if target in _SENSITIVE_COLUMNS:
            named.add(header)
        else:
            columns[target] = header
    count, words = 0, 0
    settings = replace(settings, columns=columns)
    tables: RawTables = {table: [] for table in raws}
    for table, group in raws.items():
        for raw in group:
            headers = [h for h in raw.frame.columns if h in named or is_sensitive_header(h)]
            count += len(headers)
            table_raw = _drop_columns(raw, headers) if headers else raw
            if table in ("customers", PATCH):
                found_headers = find_headers("customers", table_raw.frame.columns, settings)
                frame, found = _generalize_sources(table_raw.frame, found_headers.get("source"))
                words += found
                table_raw = replace(table_raw, frame=frame) if found else table_raw
            tables[table].append(table_raw)
    counts = ((WARNING_CODE, count), (WORD_CODE, words))
    warnings = [(code, number) for code, number in counts if number]
    return replace(settings, columns=columns), tables, warnings


def _generalize_sources(frame: pl.DataFrame, column: str | None) -> tuple[pl.DataFrame, int]:
    """A table whose sources name no religious or political group, and how many did.

    Such a source becomes `GENERAL_SOURCE`, to which the groups belong.
    """
    if column is None:
        return frame, 0
    source = frame[column].alias("source")
    words = source.str.normalize("NFKC").str.strip_chars().str.to_lowercase()
    is_sensitive = words.is_in(SENSITIVE_SOURCES).fill_null(False)
    if not is_sensitive.any():
        return frame, 0
    general = pl.when(is_sensitive).then(pl.lit(GENERAL_SOURCE)).otherwise(source)
    cells = pl.select(general.alias(column)).to_series()
    return frame.with_columns(cells), int(is_sensitive.sum())


def _drop_columns(raw: RawTable, headers: Sequence[str]) -> RawTable:
    is_dropped = raw.cell_rejects["column"].is_in(headers)
    cells = raw.cell_rejects.filter(~is_dropped)
    return replace(raw, frame=raw.frame.drop(headers), cell_rejects=cells)


def redact_dataset(dataset: Dataset) -> Dataset:
    """A Dataset that was stored with sensitive columns, without their content in any table.

    The text of rejected rows goes too, because it may hold the same.
    """
    tables: dict[str, Any] = {}
    count = 0
    for table in FIELDS_BY_TABLE:
        frame: pl.DataFrame | None = getattr(dataset, table)
        if frame is None:
            continue
        schema = get_schema(table)
        extras = [c for c in frame.columns if c not in schema and is_sensitive_header(c)]
        recorded = [
            field.name
            for field in SENSITIVE_FIELDS
            if field.table == table and dataset.has(f"{table}.{field.name}")
        ]
        count += len(extras) + len(recorded)
        tables[table] = frame.drop(extras).with_columns(
            pl.lit(None, schema[name]).alias(name) for name in recorded
        )
    customers, words = _generalize_sources(tables["customers"], "source")
    if not count + words:
        return dataset
    tables["customers"] = customers
    counts = ((WARNING_CODE, count), (WORD_CODE, words))
    mapping = {t: header for t, header in dataset.mapping.items() if t not in _SENSITIVE_COLUMNS}
    return replace(
        dataset,
        **tables,
        recorded=dataset.recorded - _SENSITIVE_COLUMNS,
        rejects=dataset.rejects.with_columns(raw=pl.lit(None, pl.String)),
        mapping=mapping,
        warnings=tuple(sorted((*dataset.warnings, *((c, n) for c, n in counts if n)))),
    )


def is_sensitive_header(header: str) -> bool:
    """Whether a header is one of religion or politics."""
    return normalize_header(header) in _SENSITIVE_HEADERS
