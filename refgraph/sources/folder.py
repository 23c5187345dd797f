"""A folder -> which file holds which table: by the stem of its name, else by its headers.

A sheet of a workbook is recognized by its own name first; an only sheet also by its file's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from refgraph.errors import DataError, FileError
from refgraph.model.fields import SIDE_TABLES
from refgraph.sources.content import to_printable_name
from refgraph.sources.declared_formats import declare_format, open_source_path
from refgraph.sources.folder_files import check_single_file, list_files, translate_os_errors
from refgraph.sources.options import Dialect, SheetChoice
from refgraph.sources.readers import is_readable
from refgraph.sources.source_files import SourceFile, select_sheets, split_file
from refgraph.sources.standard_input import get_cited_name
from refgraph.sources.table_files import (
    TableDetector,
    TableFiles,
    assign_by_headers,
    assign_by_name,
)
from refgraph.sources.table_names import find_table_by_stem


def find_table_files(
    source: Path,
    detect_tables: TableDetector,
    dialect: Dialect = Dialect(),
    sheets: Sequence[SheetChoice] = (),
) -> TableFiles:
    """Find the files of each table in the folder `source`.

    The stem of a file's name decides, in English or Chinese (customers.csv, orders_2024.csv.gz,
    orders.part2.csv, 客户.csv); else `detect_tables` decides by its headers, unless other files
    hold that table by name: the file may be a copy of them. Each sheet of a workbook and each table
    of a database counts as a file. Hidden files, lock files of Excel (~$book.xlsx), folders,
    README, .md and .toml are passed over, and so are formats without a reader, unless the file is
    named like a table.
    `source` may be a single file. It holds the customers, unless its headers or its format say that
    it holds another table. sheets: the only parts of a file to read; empty = all.
    Raises FileError ``not-found``, ``cannot-read``; DataError ``unknown-format-of-file``, and
    ``no-tables`` together with the faults of the files whose headers could not be read.
    """
    with translate_os_errors(source):
        source = open_source_path(source, dialect.input_format)
        if source.is_dir():
            return _find_in_folder(source, detect_tables, dialect, sheets)
        check_single_file(source, dialect)
    return _find_in_file(source, detect_tables, dialect, sheets)


def _find_in_folder(
    source: Path,
    detect_tables: TableDetector,
    dialect: Dialect,
    sheets: Sequence[SheetChoice],
) -> TableFiles:
    """Files named after a table come first, then sheets, then tables known by their headers."""
    files = TableFiles()
    parts: list[SourceFile] = []
    unnamed: list[SourceFile] = []
    for path in list_files(source):
        if find_table_by_stem(path) is not None:
            path = declare_format(path, dialect.input_format)
        if not is_readable(path):
            if find_table_by_stem(path) is not None:
                files.ignored.append(SourceFile(path, path.name))
            continue
        try:
            tables = split_file(path, path.name)
        except (DataError, FileError):  # reading it reports the fault
            tables = [SourceFile(path, path.name)]
        files.part_names.extend(table.part_name for table in tables)
        chosen = select_sheets(tables, sheets)
        if len(chosen) > 1:
            parts += chosen
        else:
            unnamed += assign_by_name(chosen, files, sheets)
    taken = files.list_filled_tables()
    named = TableFiles()
    unnamed += assign_by_name(parts, named, sheets)
    for table, group in named.by_table.items():
        if table in taken:
            files.left_out.extend((file, table) for file in group)
        else:
            files.by_table[table].extend(group)
    return _finish(source, unnamed, files, detect_tables, dialect)


def _finish(
    source: Path,
    unnamed: Sequence[SourceFile],
    files: TableFiles,
    detect_tables: TableDetector,
    dialect: Dialect,
) -> TableFiles:
    """Assign the rest by headers. Raises DataError ``no-tables`` if there is no table then."""
    faults = assign_by_headers(unnamed, files, detect_tables, dialect)
    files.ignored.sort(key=lambda file: file.name)
    if not files.list_filled_tables():
        seen = [to_printable_name(file.name) for file in files.ignored]
        raise DataError("no-tables", faults, path=to_printable_name(str(source)), seen=seen)
    return files


def _find_in_file(
    source: Path,
    detect_tables: TableDetector,
    dialect: Dialect,
    sheets: Sequence[SheetChoice],
) -> TableFiles:
    """The tables of a single file. A table that nothing else identifies counts as the customers."""
    parts = split_file(source, get_cited_name(source))
    files = TableFiles(part_names=[part.part_name for part in parts if part.part])
    chosen = select_sheets(parts, sheets)
    unnamed = assign_by_name(chosen, files, sheets) if chosen[0].part else chosen
    if len(chosen) > 1:
        return _finish(source, unnamed, files, detect_tables, dialect)
    for file in unnamed:
        files.by_table[_detect_single_table(file, detect_tables, dialect)].append(file)
    return files


def _detect_single_table(file: SourceFile, detect_tables: TableDetector, dialect: Dialect) -> str:
    """The customers, unless the headers are those of other tables only."""
    try:
        tables = detect_tables(file.read_headers(dialect))
    except (DataError, FileError):  # reading the file reports it
        return "customers"
    mains = [table for table in tables if table not in SIDE_TABLES]
    if "customers" in mains or not mains or find_table_by_stem(file.path) == "customers":
        return "customers"
    return mains[0]


def find_parts_of_table(
    table: str,
    parts: Sequence[SourceFile],
    detect_tables: TableDetector,
    dialect: Dialect,
    sheets: Sequence[SheetChoice],
) -> list[SourceFile]:
    """Those of the tables of one file that hold a table: as chosen, by name, then by headers.

    An only table holds it in any case. Raises DataError ``no-sheet-of-table``.
    """
    chosen = [f for f in parts if SheetChoice(table, f.part_name) in sheets]
    chosen = chosen or select_sheets(parts, [c for c in sheets if c.table is None])
    if len(chosen) == 1 or len(chosen) < len(parts):
        return chosen
    files = TableFiles()
    unnamed = assign_by_name(chosen, files, sheets)
    if not files.by_table[table]:
        assign_by_headers(unnamed, files, detect_tables, dialect, {table})
    if not files.by_table[table]:
        names = [to_printable_name(file.name) for file in parts]
        raise DataError("no-sheet-of-table", table=table, file=names[0], sheets=names)
    return files.by_table[table]
