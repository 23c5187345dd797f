"""Workbooks (xlsx, xlsm, xlsb, xls, ods) -> parts: one per sheet, every cell as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from refgraph.errors import DataError, FileError
from refgraph.intake.mapping import find_field_types
from refgraph.model.field_types import FieldType
from refgraph.model.fields import TABLE_NAMES
from refgraph.model.raw import RawTable
from refgraph.sources.assembly import locate_grid_header, read_grid
from refgraph.sources.binary_sheets import check_xls, check_xlsb_sheet
from refgraph.sources.content import read_bytes
from refgraph.sources.damage import describe_damage
from refgraph.sources.options import Dialect
from refgraph.sources.parts import Part
from refgraph.sources.sheet_scan import Patches, SheetFacts, scan_sheet
from refgraph.sources.xlsx_package import (
    PaddedFormat,
    find_padded_formats,
    find_sheet_members,
)
from refgraph.sources.zip_packages import ZipPackage

_ZIP_MAGIC = b"PK"
_MIDNIGHT = r"^(\d{4}-\d\d-\d\d) 00:00:00$"
_CLOCK = r"^1899-12-31 (\d\d:\d\d:\d\d.*)$"
_SHEET_FOLDER = "xl/worksheets/"


def open_parts(path: Path, file: str) -> list[Part]:
    """The sheets of a workbook that hold anything. A row is cited by its number in the sheet.

    Dates are ISO text in both calendars. In xlsx files, numbers are read as their format shows them
    if that puts zeros in front. Warnings: ``shown-zeros``, ``sheet-error``, ``formula-unsaved``,
    ``formula-id``.
    Raises FileError; DataError ``damaged-file``, ``grows-too-much``, ``too-sparse``.
    """
    workbook = _Workbook(read_bytes(path), file)
    return [_make_part(workbook, name) for name in workbook.list_sheets()]


def _make_part(workbook: _Workbook, name: str) -> Part:
    return Part(name, partial(workbook.read_headers, name), partial(workbook.read, name))


class _Workbook:
    """An open workbook; a sheet is loaded once and let go when it has been read."""

    def __init__(self, data: bytes, file: str) -> None:
        import fastexcel

        self.file = file
        self._loaded: dict[str, tuple[pl.DataFrame, SheetFacts | None]] = {}
        self._package = ZipPackage(data, file) if data.startswith(_ZIP_MAGIC) else None
        self._are_sheets_checked = False
        self._members: Mapping[str, str] = {}
        self._formats: Mapping[int, PaddedFormat] = {}
        if self._package is not None:
            names = self._package.names
            self._package.check([n for n in names if not n.startswith(_SHEET_FOLDER)])
            self._members = find_sheet_members(self._package)
            self._formats = find_padded_formats(self._package)
        else:
            check_xls(data, file)
        with _translate_faults(file):
            self._reader = fastexcel.read_excel(data)

    def list_sheets(self) -> list[str]:
        """The names of the sheets in order."""
        return list(self._reader.sheet_names)

    def read_headers(self, name: str, dialect: Dialect) -> list[str]:
        """The headers of a sheet. Raises as `open_parts`."""
        grid, _ = self._load(name)
        return _locate_headers(grid, f"{self.file}[{name}]", dialect)

    def read(self, name: str, file: str, dialect: Dialect) -> RawTable:
        """A sheet as a raw table. Raises as `open_parts` and `assembly.read_grid`."""
        grid, facts = self._load(name)
        del self._loaded[name]
        if facts is not None:
            grid = _apply_patches(grid, facts, self._formats)
        line = pl.int_range(1, grid.height + 1, dtype=pl.Int64, eager=True).alias("line")
        table = read_grid(grid, line, file, dialect.header_row, dialect.count_known)
        if facts is None:
            return table
        found = _list_warnings(facts, _locate_headers(grid, file, dialect))
        return replace(table, warnings=(*table.warnings, *found))

    def _load(self, name: str) -> tuple[pl.DataFrame, SheetFacts | None]:
        """The cells of a sheet, and for xlsx what its XML shows."""
        if name not in self._loaded:
            facts = self._scan(name)
            with _translate_faults(self.file):
                sheet = self._reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
                grid = sheet.to_polars()
            grid = grid.rename({old: f"c{k}" for k, old in enumerate(grid.columns)})
            self._loaded[name] = _shorten_moments(grid), facts
        return self._loaded[name]

    def _scan(self, name: str) -> SheetFacts | None:
        member = self._members.get(name)
        if self._package is None or member not in self._package.names:
            self._check_sheets()
            return None
        return scan_sheet(self._package.read_pieces(member), self._formats, self.file)

    def _check_sheets(self) -> None:
        """Watch the sheets of xlsb and ods files as they grow; those of xlsb are measured, too.

        A library refuses an ods file that repeats too many cells.
        """
        if self._package is None or self._are_sheets_checked:
            return
        self._are_sheets_checked = True
        for name in self._package.names:
            if name.startswith(_SHEET_FOLDER) and name.endswith(".bin"):
                check_xlsb_sheet(self._package, name)
            elif name.startswith(_SHEET_FOLDER):
                self._package.check([name])


def _locate_headers(grid: pl.DataFrame, file: str, dialect: Dialect) -> list[str]:
    line = pl.int_range(1, grid.height + 1, dtype=pl.Int64, eager=True)
    located = locate_grid_header(grid, line, file, dialect.header_row, dialect.count_known)
    return located.header.names


def _shorten_moments(grid: pl.DataFrame) -> pl.DataFrame:
    """Midnights as dates, moments of the day before the first as times."""
    if not grid.width:
        return grid
    shorter = pl.all().str.replace(_MIDNIGHT, "$1").str.replace(_CLOCK, "$1")
    empty = pl.all().replace("", None)
    return grid.with_columns(shorter).with_columns(empty)


def _apply_patches(
    grid: pl.DataFrame, facts: SheetFacts, formats: Mapping[int, PaddedFormat]
) -> pl.DataFrame:
    """The cells with zeros in front, and numbers that the reader had rounded."""
    for number, patches in facts.exact.items():
        grid = _patch_exact(grid, f"c{number - facts.first_column}", patches)
    for (number, style), pieces in facts.padded.items():
        key = f"c{number - facts.first_column}"
        rows = pl.Series(np.concatenate(pieces)) - 1
        grid = _pad_cells(grid, key, rows, formats[style])
    return grid


def _patch_exact(grid: pl.DataFrame, key: str, patches: Patches) -> pl.DataFrame:
    """One column with exact numbers in place of rounded ones; a moment is left as it is."""
    if key not in grid.columns:
        return grid
    rows = pl.Series(patches.rows, dtype=pl.Int64) - 1
    texts = pl.Series(patches.texts, dtype=pl.String).filter(rows < grid.height)
    rows = rows.filter(rows < grid.height)
    is_number = ~grid[key].gather(rows).str.contains(r"^\d{4}-\d\d-\d\d|:").fill_null(True)
    return grid.with_columns(grid[key].scatter(rows.filter(is_number), texts.filter(is_number)))


def _pad_cells(grid: pl.DataFrame, key: str, rows: pl.Series, format: PaddedFormat) -> pl.DataFrame:
    """One column with zeros in front of whole numbers in some rows."""
    if key not in grid.columns:
        return grid
    rows = rows.filter(rows < grid.height)
    cells = grid[key].gather(rows)
    is_whole = cells.str.contains(r"^\d{1,15}$").fill_null(False)
    shown = cells.filter(is_whole).str.zfill(format.digits)
    if format.before or format.after:
        shown = format.before + shown + format.after
    return grid.with_columns(grid[key].scatter(rows.filter(is_whole), shown))


def _list_warnings(facts: SheetFacts, headers: list[str]) -> Iterator[tuple[str, int]]:
    if facts.errors:
        yield "sheet-error", facts.errors
    if facts.unsaved:
        yield "formula-unsaved", facts.unsaved
    ids = _find_id_columns(headers)
    shown = sum(
        len(rows)
        for (column, _), pieces in facts.padded.items()
        for rows in pieces
        if column - facts.first_column in ids
    )
    if shown:
        yield "shown-zeros", shown
    formulas = sum(count for k, count in facts.formulas.items() if k - facts.first_column in ids)
    if formulas:
        yield "formula-id", formulas


def _find_id_columns(headers: list[str]) -> set[int]:
    """The columns that hold ids in any of the tables."""
    ids = set()
    for table in TABLE_NAMES:
        types = find_field_types([header for header in headers if header], table)
        ids |= {k for k, header in enumerate(headers) if types.get(header) is FieldType.ID}
    return ids


@contextmanager
def _translate_faults(file: str) -> Iterator[None]:
    """Raise DataError ``damaged-file`` for what the library refuses."""
    try:
        yield
    except (DataError, FileError):
        raise
    except (Exception, pl.exceptions.PanicException) as error:
        why = describe_damage(error)
        raise DataError("damaged-file", file=file, format="workbook", why=why) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        why = describe_damage(error)
        raise DataError("damaged-file", file=file, format="workbook", why=why) from error
