"""All raw tables -> typed tables, and what their headers say about the data as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from refgraph.errors import DataError, RefgraphError, combine_errors
from refgraph.intake.cast import decide_column
from refgraph.intake.cast_rules import CastRules
from refgraph.intake.column_checks import find_numbers_in_dates
from refgraph.intake.id_repair import is_rounded_id
from refgraph.intake.mapping import find_absent_headers, find_field_types
from refgraph.intake.match_decisions import cast_matches
from refgraph.intake.patches import cast_patch
from refgraph.intake.typed_columns import TypedTable, cast_table
from refgraph.model.dataset import get_schema
from refgraph.model.field_types import FieldType
from refgraph.model.fields import TABLE_NAMES
from refgraph.model.raw import MATCHES, PATCH, RawTable
from refgraph.model.settings import Settings

TypedTables = Mapping[str, Sequence[TypedTable]]
"""Table name, `PATCH` or `MATCHES` -> its files; none for a table that the data lack."""


def cast_all_tables(
    raws: Mapping[str, Sequence[RawTable]], settings: Settings, rules: CastRules
) -> TypedTables:
    """Cast every file.

    Raises DataError with all faults together, ``ids-rounded`` among them, and ``no-customers``.
    """
    tables: dict[str, list[TypedTable]] = {name: [] for name in (*TABLE_NAMES, PATCH, MATCHES)}
    faults = list(_find_named_column_faults(raws, settings))
    faults += _find_rounded_ids(raws, settings)
    for name, group in raws.items():
        try:
            tables[name] += _cast_files(name, group, settings, rules)
        except RefgraphError as fault:
            faults.append(fault)
    if faults:
        raise combine_errors(faults)
    if not (tables["customers"] or tables["referrals"]):
        raise DataError("no-customers")
    return tables


def _find_named_column_faults(
    raws: Mapping[str, Sequence[RawTable]], settings: Settings
) -> Iterator[RefgraphError]:
    """Faults of ``--column`` options that name a table or a header that the data lack."""
    for target in settings.columns:
        table = target.partition(".")[0]
        if not raws.get(table):
            yield DataError("column-without-table", name=target, table=table)
    for table, group in raws.items():
        if group:
            headers = [header for raw in group for header in raw.frame.columns]
            yield from find_absent_headers(table, group[0].file, headers, settings)


def _find_rounded_ids(
    raws: Mapping[str, Sequence[RawTable]], settings: Settings
) -> Iterator[RefgraphError]:
    """Faults ``ids-rounded`` for columns of ids that a spreadsheet rounded."""
    for name, group in raws.items():
        table = "customers" if name == PATCH else name
        for raw in group if name != MATCHES else ():
            types = find_field_types(raw.frame.columns, table, settings)
            for header, type in types.items():
                if type is not FieldType.ID or not raw.frame.height:
                    continue
                is_rounded = raw.frame.select(is_rounded_id(pl.col(header))).to_series()
                if is_rounded.any():
                    ids = raw.frame[header].filter(is_rounded)
                    values = {"rows": ids.len(), "column": header, "example": ids.sort()[0]}
                    yield DataError("ids-rounded", file=raw.file, **values)


def _cast_files(
    name: str, raws: Sequence[RawTable], settings: Settings, rules: CastRules
) -> list[TypedTable]:
    """Cast all files of a table, each column as all of them together show that it is written.

    Raises DataError with the faults of all files.
    """
    tables: list[TypedTable] = []
    faults: list[RefgraphError] = []
    for raw in raws:
        try:
            tables.append(_cast_file(name, raw, settings, rules, {}))
        except DataError as fault:
            faults.append(fault)
    if faults:
        raise combine_errors(faults)
    is_one_table = name not in (PATCH, MATCHES)
    decisions = _decide_columns(raws, tables) if len(raws) > 1 and is_one_table else {}
    if decisions:
        tables = [_cast_file(name, raw, settings, rules, decisions) for raw in raws]
    files, odd = [raw.file for raw in raws], [table.odd_dates for table in tables]
    faults += find_numbers_in_dates("customers" if name == PATCH else name, files, odd)
    if faults:
        raise combine_errors(faults)
    return tables


def _decide_columns(raws: Sequence[RawTable], tables: Sequence[TypedTable]) -> dict[str, str]:
    """Name of a column -> how its cells are written, for columns that are not plain everywhere."""
    columns = {name: column for table in tables for name, column in table.odd.items()}
    decisions = {}
    for name, column in sorted(columns.items()):
        target = f"{column.field.table}.{name}"
        cells = [
            raw.frame[table.headers[target]].alias("text")
            for raw, table in zip(raws, tables, strict=True)
            if target in table.headers
        ]
        decisions[name] = decide_column(pl.concat(cells), column)
    return decisions


def _cast_file(
    name: str, raw: RawTable, settings: Settings, rules: CastRules, decisions: Mapping[str, str]
) -> TypedTable:
    if name == PATCH:
        return cast_patch(raw, settings, rules)
    if name == MATCHES:
        return cast_matches(raw)
    return cast_table(name, raw, settings, rules, decisions)


def concatenate_files(table: str, tables: TypedTables) -> pl.DataFrame:
    """All files of a table one after the other; canonical columns first, then others by name.

    Customers also have ``referred_by``.
    """
    schema = dict(get_schema(table))
    if table == "customers":
        schema["referred_by"] = pl.String
    if not tables[table]:
        return pl.DataFrame(schema=schema).rechunk()
    first, *others = (file.frame for file in tables[table])
    # Constants stay constants: a concatenation would write them into every row.
    blank = [pl.lit(None, schema[name]).alias(name) for name in schema if name not in first.columns]
    rows = first.with_columns(blank)
    if others:
        rows = pl.concat([rows, *others], how="diagonal")
    extras = sorted(column for column in rows.columns if column not in schema)
    return rows.select(*schema, *extras).rechunk()


def merge_units(tables: TypedTables) -> dict[str, str]:
    """The unit of "money" and of "volume". Raises DataError ``mixed-units`` if one has two."""
    pairs = {pair for group in tables.values() for table in group for pair in table.units}
    units = dict(sorted(pairs))
    if len(units) < len(pairs):
        raise DataError("mixed-units", units=[unit for _, unit in sorted(pairs)])
    return units


def collect_headers(tables: TypedTables) -> dict[str, str]:
    """``table.column`` -> header as written; of several files, the last. Patches are left out."""
    headers: dict[str, str] = {}
    for name in TABLE_NAMES:
        for table in tables[name]:
            headers |= table.headers
    return headers


def count_trimmed_ids(tables: TypedTables) -> int:
    """How many ids lost outer spaces."""
    return sum(table.trimmed_ids for group in tables.values() for table in group)


def count_offset_times(tables: TypedTables) -> int:
    """How many times have an offset from UTC."""
    return sum(table.offset_times for group in tables.values() for table in group)
