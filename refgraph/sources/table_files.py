"""Which of the files found hold which table: by their names, then by their headers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from refgraph.errors import DataError, FileError, RefgraphError
from refgraph.model.fields import SIDE_TABLES, TABLE_NAMES
from refgraph.model.remarks import REMARK_SEPARATOR
from refgraph.sources.content import to_printable_name
from refgraph.sources.options import Dialect, SheetChoice
from refgraph.sources.readers import is_always_data
from refgraph.sources.source_files import SourceFile
from refgraph.sources.table_names import find_table_by_name, find_table_by_stem, weigh_name

_MAIN_TABLES = frozenset({"customers", "referrals"})
TableDetector = Callable[[Sequence[str]], Sequence[str]]
"""Headers -> the names of the tables that a file with such headers can hold, likeliest first."""


def _make_file_lists() -> dict[str, list[SourceFile]]:
    return {table: [] for table in TABLE_NAMES}


@dataclass(frozen=True)
class TableFiles:
    """The files of each table, in order, and those that look like data but hold none.

    left_out: files that may be copies of a table, with its name; other files hold it by name.
    part_names: names of all sheets and tables that were found within files.
    """

    by_table: dict[str, list[SourceFile]] = field(default_factory=_make_file_lists)
    ignored: list[SourceFile] = field(default_factory=list)
    left_out: list[tuple[SourceFile, str]] = field(default_factory=list)
    part_names: list[str] = field(default_factory=list)

    def list_filled_tables(self) -> set[str]:
        """The tables that have a file."""
        return {table for table, files in self.by_table.items() if files}

    def list_remarks(self, files: Mapping[str, Sequence[SourceFile]]) -> list[tuple[str, int]]:
        """One remark for each file that was left out, with its table and the file read instead.

        files: table -> the files that are read in the end, those named by options among them.
        """
        read = {(f.path.resolve(), f.part_name) for group in files.values() for f in group}
        remarks = []
        for file, table in self.left_out:
            others = files.get(table)
            if others and (file.path.resolve(), file.part_name) not in read:
                name, other = (to_printable_name(f.name) for f in (file, others[0]))
                parts = REMARK_SEPARATOR.join((name, table, other))
                remarks.append((f"left-out-copy {parts}", 1))
        return sorted(remarks)


def assign_by_name(
    tables: Sequence[SourceFile], files: TableFiles, sheets: Sequence[SheetChoice]
) -> list[SourceFile]:
    """Add each table of one file to those of its name; returns the ones whose name says nothing.

    The names of `SIDE_TABLES` say too little alone; see `weigh_name`.
    """
    tables_by_sheet = {choice.name: choice.table for choice in sheets if choice.table}
    unnamed = []
    for file in tables:
        table = tables_by_sheet.get(file.part_name)
        if table is None and file.part is not None:
            table = file.part.table
        if table is None:
            named = _find_name(file, len(tables) == 1)
            table = None if named in SIDE_TABLES else named
        if table is None:
            unnamed.append(file)
        else:
            files.by_table[table].append(file)
    return unnamed


def _find_name(file: SourceFile, is_only: bool) -> str | None:
    """The table that a sheet is named after; an only one also after its file."""
    table = find_table_by_name(file.part.name) if file.part is not None else None
    return find_table_by_stem(file.path) if table is None and is_only else table


def assign_by_headers(
    unnamed: Sequence[SourceFile],
    files: TableFiles,
    detect_tables: TableDetector,
    dialect: Dialect,
    wanted: Collection[str] = (),
) -> list[RefgraphError]:
    """Add each file to the table that its headers suggest, or to the ignored ones.

    Contacts and events come last, and only beside customers or referrals, unless they are `wanted`;
    a file that may hold the only customers holds those.
    Returns the faults of files whose headers cannot be read.
    """
    named_tables = files.list_filled_tables()
    faults: list[RefgraphError] = []
    side_files: list[tuple[SourceFile, str, Sequence[str]]] = []
    for file in unnamed:
        headers: Sequence[str] = ()
        try:
            headers = file.read_headers(dialect)
        except (DataError, FileError) as fault:
            faults.append(fault)
        tables = detect_tables(headers)
        is_only = not file.part or sum(other.path == file.path for other in unnamed) == 1
        named = weigh_name(_find_name(file, is_only), headers, tables)
        first = named if named in SIDE_TABLES else next(iter(tables), None)
        if first in SIDE_TABLES:
            side_files.append((file, first, tables))
        else:
            _add_or_ignore(file, first, files, named_tables)
    for file, side, tables in side_files:
        main = next((table for table in tables if table not in SIDE_TABLES), None)
        filled = files.list_filled_tables()
        is_first = main == "customers" and main not in filled
        is_side = side in wanted or (bool(filled & _MAIN_TABLES) and not is_first)
        _add_or_ignore(file, side if is_side else main, files, named_tables)
    return faults


def _add_or_ignore(
    file: SourceFile, table: str | None, files: TableFiles, named_tables: Collection[str]
) -> None:
    if table in files.by_table and table not in named_tables:
        files.by_table[table].append(file)
    elif table is not None and table in named_tables:
        files.left_out.append((file, table))
    elif is_always_data(file.path):
        files.ignored.append(file)
