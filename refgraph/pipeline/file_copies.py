"""Files of one table that hold the same rows, or the same customers under other ids.

A folder often holds one table in two formats. Rows with ids are compared by intake, which counts
equal ones once; this finds the copies that ids cannot show.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import polars as pl

from refgraph.errors import DataError, RefgraphError, combine_errors
from refgraph.intake.mapping import find_headers
from refgraph.model.fields import FIELDS_BY_TABLE
from refgraph.model.raw import RawTable, Tables
from refgraph.model.settings import Settings
from refgraph.sources.compression import strip_compression

_WITHOUT_IDS = ("orders", "affiliations")
"""Tables whose rows need no id of their own."""
_KEYS = ("id", "email", "phone", "tax_id", "name")
"""Fields that distinguish customers."""
_MOST = 0.6
"""Share of the rows of the smaller file that makes two files the same customers."""
_MIN_ROWS, _MIN_ROWS_OF_ONE_NAME = 10, 2
"""Rows that two files must share; fewer if their names differ by the suffix only."""
_NUMBER_END = r"(\.\d*?)0+$"
_ORNAMENT = r"[\s$¥￥€£,]+"


def leave_out_copies(tables: Tables, settings: Settings, named: Collection[str]) -> Tables:
    """The tables without the rows of files that repeat another file of the same table.

    Such rows count as skipped, with the remark ``copied-row``. named: tables whose files the user
    listed one by one; these are read as they are.
    Raises DataError ``same-customers``, one for each pair of files, if two files hold the same
    customers under different ids: only the user knows which of them other tables refer to.
    """
    by_name = dict(tables.by_name)
    if "customers" not in named:
        faults = _find_same_customers(by_name.get("customers", ()), settings)
        if faults:
            raise combine_errors(faults)
    for table in _WITHOUT_IDS:
        if table not in named and len(by_name.get(table, ())) > 1:
            by_name[table] = _empty_copies(table, by_name[table], settings)
    return replace(tables, by_name=by_name)


def _have_one_name(a: RawTable, b: RawTable) -> bool:
    """Whether two names differ by the suffix only: orders.csv, orders.csv.gz, orders.parquet.

    Sheets of one workbook have different names.
    """
    if a.file.endswith("]") or b.file.endswith("]"):
        return False
    stems = {strip_compression(Path(raw.file)).stem.casefold() for raw in (a, b)}
    return len(stems) == 1


def _find_same_customers(files: Sequence[RawTable], settings: Settings) -> list[RefgraphError]:
    if len(files) < 2:
        return []
    keys = {raw.file: _list_keys(raw, settings) for raw in files}
    faults = (
        _compare_customers(a, b, keys[a.file], keys[b.file]) for a, b in combinations(files, 2)
    )
    return [fault for fault in faults if fault is not None]


def _list_keys(raw: RawTable, settings: Settings) -> dict[str, pl.Series]:
    """Field -> its cells, for those in which every filled cell differs."""
    found = find_headers("customers", raw.frame.columns, settings)
    cells = {name: _simplify(raw.frame[found[name]]) for name in _KEYS if name in found}
    return {name: column for name, column in cells.items() if column.drop_nulls().is_unique().all()}


def _simplify(cells: pl.Series) -> pl.Series:
    """Cells without case and spaces around them."""
    return cells.str.strip_chars().str.to_lowercase().replace("", None)


def _compare_customers(
    a: RawTable, b: RawTable, keys: Mapping[str, pl.Series], others: Mapping[str, pl.Series]
) -> DataError | None:
    """The fault, if most rows of the smaller file are rows of the other under another id."""
    least = _MIN_ROWS_OF_ONE_NAME if _have_one_name(a, b) else _MIN_ROWS
    rows = min(a.frame.height, b.frame.height)
    if rows < least or _count_common(keys.get("id"), others.get("id")) >= (1 - _MOST) * rows:
        return None
    for key, cells in keys.items():
        for other, other_cells in others.items():
            shared = 0 if key == other == "id" else _count_common(cells, other_cells)
            if shared >= max(least, _MOST * rows):
                return DataError(
                    "same-customers", file=a.file, other=b.file, shared=shared, column=key
                )
    return None


def _count_common(a: pl.Series | None, b: pl.Series | None) -> int:
    if a is None or b is None:
        return 0
    return int(a.drop_nulls().is_in(b.drop_nulls().implode()).sum())


def _empty_copies(table: str, files: Sequence[RawTable], settings: Settings) -> list[RawTable]:
    """The files; of those that are copies of each other, all but one without rows."""
    columns = {raw.file: _list_columns(table, raw, settings) for raw in files}
    order = sorted(files, key=lambda raw: -len(columns[raw.file]))
    copies: set[str] = set()
    for a, b in combinations(order, 2):
        is_open = not {a.file, b.file} & copies
        if is_open and _are_copies(table, (a, b), (columns[a.file], columns[b.file])):
            copies.add(b.file)
    return [_skip_all(raw) if raw.file in copies else raw for raw in files]


def _list_columns(table: str, raw: RawTable, settings: Settings) -> dict[str, pl.Expr]:
    """Field -> its cells without case, spaces, signs of currency and zeros at the end."""
    return {
        name: pl.col(header)
        .str.to_lowercase()
        .str.replace_all(_ORNAMENT, "")
        .str.replace(_NUMBER_END, "$1")
        .str.strip_chars_end(".")
        .alias(name)
        for name, header in find_headers(table, raw.frame.columns, settings).items()
    }


def _are_copies(
    table: str,
    files: tuple[RawTable, RawTable],
    columns: tuple[Mapping[str, pl.Expr], Mapping[str, pl.Expr]],
) -> bool:
    """Whether two files have the same rows, in any order, and no ids that show it already.

    The second file must not have a field that the first one lacks.
    """
    (a, b), (left, right) = files, columns
    mandatory = {field.name for field in FIELDS_BY_TABLE[table] if field.mandatory}
    if a.frame.height != b.frame.height or not mandatory <= set(right) <= set(left):
        return False
    if "order_id" in right or b.frame.height < (1 if _have_one_name(a, b) else _MIN_ROWS):
        return False
    common = sorted(right)
    rows = [
        raw.frame.select(cells[name] for name in common).sort(common)
        for raw, cells in ((a, left), (b, right))
    ]
    return rows[0].equals(rows[1])


def _skip_all(raw: RawTable) -> RawTable:
    rows = raw.frame.height
    return replace(
        raw,
        frame=raw.frame.clear(),
        line=raw.line.clear(),
        rows_skipped=raw.rows_skipped + rows,
        warnings=(*raw.warnings, ("copied-row", rows)),
    )
