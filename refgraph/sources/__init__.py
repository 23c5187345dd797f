"""SOURCE -> RAW TABLES: every cell as written, every row with its line, every fault of every file.

To read a new file format, add one module and one line of `readers.READERS`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from refgraph.errors import DataError, FileError, RefgraphError, UsageError, combine_errors
from refgraph.model.matches import count_match_headers
from refgraph.model.raw import MATCHES, PATCH, RawTable, Tables
from refgraph.progress import log_step
from refgraph.sources.content import to_printable_name
from refgraph.sources.declared_formats import declare_format
from refgraph.sources.folder import find_parts_of_table, find_table_files
from refgraph.sources.folder_files import list_parts
from refgraph.sources.layout import HeaderCounter, count_no_headers
from refgraph.sources.match_files import remark_on_match_files
from refgraph.sources.options import Dialect, FileOptions
from refgraph.sources.readers import READERS
from refgraph.sources.source_files import SourceFile, check_sheets, split_file
from refgraph.sources.standard_input import CITED_NAME, is_standard_input, resolve_source
from refgraph.sources.table_files import TableDetector, TableFiles

__all__ = ["READERS", "Dialect", "FileOptions", "find_table_files", "list_parts", "read_tables"]

LOGGER = logging.getLogger(__name__)


FilesByTable = dict[str, list[SourceFile]]


def read_tables(
    source: str | Path | None,
    options: FileOptions = FileOptions(),
    *,
    detect_tables: TableDetector,
    count_known: HeaderCounter = count_no_headers,
) -> Tables:
    """Read the raw tables of a SOURCE.

    source: a folder or a file (see `find_table_files`), or None. A file of a folder is cited by its
    name within the folder, any other as it was given.
    detect_tables: names the tables that a file with given headers can hold. count_known: how many
    cells of a row are known headers.
    Raises UsageError ``no-source``, ``file-twice``, ``unknown-sheet``; and what `find_table_files`
    and the readers raise, the faults of all files together.
    """
    dialect = options.dialect._replace(count_known=count_known)
    found = _find_source_files(source, detect_tables, options, dialect)
    files, part_names = dict(found.by_table), list(found.part_names)
    for table, paths in options.paths_by_table.items():
        if paths:
            files[table] = []
            for path in paths:
                parts = _split_as_given(path, dialect)
                part_names += [part.part_name for part in parts]
                files[table] += find_parts_of_table(
                    table, parts, detect_tables, dialect, options.sheet_choices
                )
    if not (any(files.values()) or options.has_files):
        raise UsageError("no-source")
    for table, paths in ((PATCH, options.patches), (MATCHES, options.matches)):
        if paths:
            files[table] = [part for path in paths for part in _split_as_given(path, dialect)[:1]]
    _check_files_distinct(files)
    check_sheets(options.sheet_choices, part_names)
    unused = _drop_matches(found.ignored, files.get(MATCHES, []))
    ignored, remarks = remark_on_match_files(unused)
    remarks += found.list_remarks(files)
    dialects = _list_dialects(files, dialect, options)
    tables = _read_files(files, dialects)
    _add_remarks(tables, remarks)
    return Tables(tables, tuple(to_printable_name(file.name) for file in ignored))


def _find_source_files(
    source: str | Path | None,
    detect_tables: TableDetector,
    options: FileOptions,
    dialect: Dialect,
) -> TableFiles:
    """The files of each table of the SOURCE, none without a SOURCE."""
    if source is None or not str(source):
        return TableFiles(by_table={})
    return find_table_files(Path(source), detect_tables, dialect, options.sheet_choices)


def _split_as_given(path: str | Path, dialect: Dialect) -> list[SourceFile]:
    """The tables of a file, cited as it was given; reading it reports its faults."""
    file = declare_format(resolve_source(path), dialect.input_format)
    name = CITED_NAME if is_standard_input(file) else str(path)
    try:
        return split_file(file, name)
    except (DataError, FileError):
        return [SourceFile(file, name)]


def _check_files_distinct(files: Mapping[str, list[SourceFile]]) -> None:
    """Raise UsageError ``file-twice`` if a table has a file twice: its rows would count double."""
    for table, table_files in files.items():
        seen: set[tuple[int, int, str]] = set()
        for path, name, part in table_files:
            try:
                status = path.stat()
            except (OSError, ValueError):  # reading the file reports it
                continue
            identity = status.st_dev, status.st_ino, part.name if part else ""
            if identity in seen:
                raise UsageError("file-twice", file=to_printable_name(name), table=table)
            seen.add(identity)


def _drop_matches(ignored: Iterable[SourceFile], matches: Iterable[SourceFile]) -> list[SourceFile]:
    """The files that hold no table, without those of confirmed matches."""
    known = {file.path.resolve() for file in matches}
    return [file for file in ignored if file.path.resolve() not in known]


def _add_remarks(tables: Mapping[str, list[RawTable]], remarks: Sequence[tuple[str, int]]) -> None:
    """Put remarks on the whole SOURCE beside those of the first file that was read."""
    group = next(group for group in tables.values() if group)
    group[0] = replace(group[0], warnings=(*group[0].warnings, *remarks))


def _list_dialects(
    tables: Iterable[str], dialect: Dialect, options: FileOptions
) -> dict[str, Dialect]:
    """The dialect of each table."""
    rows = options.header_rows_by_table
    return {
        table: dialect._replace(header_row=rows.get(table, dialect.header_row)) for table in tables
    }


def _read_files(files: FilesByTable, dialects: Mapping[str, Dialect]) -> dict[str, list[RawTable]]:
    """Read all files. Raises the faults of all of them together."""
    tables: dict[str, list[RawTable]] = {table: [] for table in files}
    faults: list[RefgraphError] = []
    for table, table_files in files.items():
        for file in table_files:
            try:
                tables[table].append(_read_one(table, file, dialects[table]))
            except (DataError, FileError) as fault:
                faults += [fault, *fault.others]
                fault.others = ()
    if faults:
        raise combine_errors(faults)
    return tables


def _read_one(table: str, file: SourceFile, dialect: Dialect) -> RawTable:
    """Read one file, and log its rows. Raises DataError, FileError."""
    shown = to_printable_name(file.name)
    with log_step(LOGGER, "read %s as %s", shown, table):
        is_written_by_us = table in (PATCH, MATCHES)
        raw = _read_written_file(table, file, dialect) if is_written_by_us else file.read(dialect)
    LOGGER.debug("%s: %d rows, %d not well formed", shown, raw.rows_read, raw.rejects.height)
    return raw


def _read_written_file(table: str, file: SourceFile, dialect: Dialect) -> RawTable:
    """Read a file as refgraph writes it, whatever the SOURCE is like, or else as the SOURCE."""
    if table == MATCHES:
        dialect = dialect._replace(count_known=count_match_headers)
    usual = Dialect(count_known=dialect.count_known)
    try:
        raw = file.read(usual)
        if raw.frame.width > 1 or dialect.delimiter is None:
            return raw
    except DataError:
        if dialect == usual:
            raise
    return file.read(dialect)
