"""Cells that stood merged in a sheet: filled from above, in columns that the user names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from refgraph.errors import UsageError
from refgraph.intake.mapping import find_headers
from refgraph.model.fields import FIELDS_BY_TABLE
from refgraph.model.raw import RawTable
from refgraph.model.settings import Settings


def fill_merged_cells(
    tables: Mapping[str, list[RawTable]], columns: Sequence[str], settings: Settings
) -> dict[str, list[RawTable]]:
    """The tables with empty cells filled from the cell above, and counted.

    columns: headers, or ``table.field``. Cells above the first filled one stay empty.
    Raises UsageError ``unknown-fill-column`` for a column that no file has.
    """
    filled = dict(tables)
    for column in columns:
        found = False
        for table, raws in filled.items():
            headers = [_find_header(table, raw, column, settings) for raw in raws]
            found = found or any(headers)
            filled[table] = [
                _fill(raw, header) if header else raw
                for raw, header in zip(raws, headers, strict=True)
            ]
        if not found:
            known = sorted({c for raws in tables.values() for r in raws for c in r.frame.columns})
            raise UsageError("unknown-fill-column", name=column, known=known)
    return filled


def _find_header(table: str, raw: RawTable, column: str, settings: Settings) -> str | None:
    """The header of a file that a column of ``--fill-down`` means."""
    if column in raw.frame.columns:
        return column
    named, _, field = column.partition(".")
    if named != table or table not in FIELDS_BY_TABLE:
        return None
    return find_headers(table, raw.frame.columns, settings).get(field)


def _fill(raw: RawTable, header: str) -> RawTable:
    """The table with a column filled, and without the remark that nothing was."""
    cells = raw.frame[header].str.strip_chars().replace("", None)
    is_empty = cells.is_null()
    filled = pl.select(pl.when(is_empty).then(cells.forward_fill()).otherwise(raw.frame[header]))
    values = filled.to_series().alias(header)
    count = int(is_empty.sum()) - values.null_count()
    is_first = header == raw.frame.columns[0]
    warnings = [w for w in raw.warnings if not (is_first and w[0] == "merged-cells")]
    return replace(
        raw,
        frame=raw.frame.with_columns(values),
        warnings=(*warnings, *((("filled-cell", count),) if count else ())),
    )
