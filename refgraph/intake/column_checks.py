"""One column over all files of a table: how it is written, and numbers in place of dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from refgraph.errors import DataError
from refgraph.intake.dates import read_dates
from refgraph.intake.fault_codes import Remarks, find_filled
from refgraph.intake.mapping import MappedColumn

COLUMN_REMARKS = (
    *("day-first", "month-first", "short-year", "decimal-comma", "thousands-comma"),
    "other-header",
)
"""Remarks on a decision that the user may reverse for the column."""
_FORMS = {"serial-date": "excel", "unix-date": "unix"}


class OddDates(NamedTuple):
    """A column of dates of one file that are not all plain.

    codes: the faults of its filled cells, None for those without. example: its first filled cell.
    """

    header: str
    codes: frozenset[str | None]
    example: str


def describe_odd_dates(column: MappedColumn, cells: pl.Series, codes: pl.Series) -> OddDates | None:
    """What `find_numbers_in_dates` needs to know of a column; None if it is empty."""
    is_filled = find_filled(cells)
    if not is_filled.any():
        return None
    found = frozenset(codes.filter(is_filled).unique().to_list())
    return OddDates(column.header, found, cells.filter(is_filled)[0].strip())


def find_numbers_in_dates(
    table: str, files: Sequence[str], odd: Sequence[Mapping[str, OddDates | None]]
) -> Iterator[DataError]:
    """Faults ``serial-dates`` and ``unix-dates``: all dates of a column are numbers of one kind.

    odd: by file, name of a column -> its dates; no entry if they are all plain.
    """
    for name in sorted({name for of_file in odd for name in of_file}):
        columns = [of_file.get(name) for of_file in odd]
        filled = [(k, column) for k, column in enumerate(columns) if column is not None]
        codes = {code for _, column in filled for code in column.codes}
        is_plain_in_any = any(name not in of_file for of_file in odd)
        code = next(iter(codes), None)
        if not is_plain_in_any and len(codes) == 1 and code in _FORMS:
            position, column = filled[0]
            values: dict[str, Any] = {
                "file": files[position],
                "header": column.header,
                "column": f"{table}.{name}",
                "example": column.example,
                "day": _read_number(column.example, _FORMS[code]),
            }
            is_serial = code == "serial-date"
            yield (
                DataError("serial-dates", **values)
                if is_serial
                else DataError("unix-dates", **values)
            )


def _read_number(example: str, form: str) -> date:
    day: date = read_dates(pl.Series([example]), (form,)).values[0]
    return day


def collect_remarks(mapped: Sequence[MappedColumn], remarks: Sequence[Remarks]) -> Remarks:
    """The remarks of all columns; the code of `COLUMN_REMARKS` is followed by the column."""
    return tuple(
        (f"{code} {m.field.table}.{m.field.name}" if code in COLUMN_REMARKS else code, count)
        for m, of_column in zip(mapped, remarks, strict=True)
        for code, count in (*of_column, *_remark_on_headers(m))
    )


def _remark_on_headers(column: MappedColumn) -> Remarks:
    return (("other-header", column.others),) if column.others else ()
