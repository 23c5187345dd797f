"""The files of a SOURCE and the table that each of them could hold, known headers or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from refgraph.errors import DataError, FileError, RefgraphError, UsageError
from refgraph.intake.column_guesses import Keys, guess_columns, guess_keys
from refgraph.intake.column_shapes import ColumnShape, list_shapes
from refgraph.intake.header_hints import has_hint
from refgraph.intake.header_matches import find_absent_fields, match_headers
from refgraph.intake.key_columns import CONTACT_COLUMNS
from refgraph.intake.mapping import detect_tables
from refgraph.intake.total_rows import skip_total_rows
from refgraph.model.matches import MANDATORY_COLUMNS, count_match_headers
from refgraph.model.raw import RawTable
from refgraph.model.settings import Settings
from refgraph.pipeline.options import SourceOptions
from refgraph.sources import list_parts
from refgraph.sources.assembly import NO_HEADER
from refgraph.sources.declared_formats import declare_format
from refgraph.sources.layout import HeaderCounter
from refgraph.sources.options import Dialect
from refgraph.sources.source_files import SourceFile, split_file
from refgraph.sources.table_names import find_table_by_name, find_table_by_stem, weigh_name

_NAME_HINTS = {
    "referrals": r"推荐|介绍|refer|invit|edges|links",
    "orders": r"订单|合同|销售|order|sale|deal|invoice|contract",
    "customers": r"客户|会员|顾客|学员|业主|customer|client|member|account|lead|nodes|contact",
}
_MIN_HEADERS = 2
_MAX_HEADER_ROW = 8
"""A header is looked for above this row."""
_PARTY_FIELDS = ("referrer", "referred", "referred_by", "customer")


@dataclass(frozen=True, eq=False)
class PlannedFile:
    """A file or sheet. table: that it could hold, None if unknown. raw: None after a fault.

    is_given: whether an option names its table. is_other: whether another file holds the table that
    it could hold. header_row, encoding: what makes it readable, if it needs that.
    preset: that reads it, empty if none.
    """

    file: SourceFile
    table: str | None
    raw: RawTable | None = None
    fault: RefgraphError | None = None
    is_given: bool = False
    is_other: bool = False
    header_row: int | None = None
    encoding: str = ""
    preset: str = ""
    shapes: dict[str, ColumnShape] = field(default_factory=dict)

    @property
    def headers(self) -> list[str]:
        """Its headers, none after a fault."""
        return list(self.shapes)


def plan_files(
    source: str | Path | None, options: SourceOptions, settings: Settings, count: HeaderCounter
) -> list[PlannedFile]:
    """Read every table there is, and find out by names and headers what it holds.

    Raises as `sources.list_parts` and `sources.source_files.split_file`.
    """
    dialect = options.dialect._replace(count_known=count)
    planned = []
    parts = list_parts(Path(source), dialect, options.sheet_choices) if source else []
    given = {choice.name: choice.table for choice in options.sheet_choices}
    replaced = {table for table, paths in options.paths_by_table.items() if paths}
    for part in parts:
        table = given.get(part.part_name) or _find_table_by_name(part, parts)
        read = _read(part, table, dialect, settings)
        if read.table not in replaced:
            planned.append(read)
    for table, paths in options.paths_by_table.items():
        for path in paths:
            parts = split_file(declare_format(Path(path), dialect.input_format), str(path))
            read_parts = (_read(part, table, dialect, settings) for part in parts)
            planned += [replace(part, is_given=True) for part in read_parts]
    return planned


def _find_table_by_name(part: SourceFile, parts: Sequence[SourceFile]) -> str | None:
    if part.part is not None and part.part.table:
        return part.part.table
    is_only = sum(other.path == part.path for other in parts) == 1
    by_stem = find_table_by_stem(part.path) if is_only else None
    return find_table_by_name(part.part_name) or by_stem


def _read(part: SourceFile, table: str | None, dialect: Dialect, settings: Settings) -> PlannedFile:
    """A file with its cells; with another dialect if it cannot be read without."""
    first_fault: RefgraphError | None = None
    for change in _list_changes(part, dialect):
        try:
            raw = part.read(dialect._replace(**change))
        except (DataError, FileError, UsageError) as fault:
            first_fault = first_fault or fault
            continue
        (raw,) = skip_total_rows({"": [raw]})[""]
        headers = raw.frame.columns
        if change and len(headers) < _MIN_HEADERS:
            continue
        fitting = detect_tables(headers, settings)
        table = weigh_name(table, headers, fitting) or next(iter(fitting), None)
        return PlannedFile(part, table, raw, shapes=list_shapes(raw.frame), **change)
    return PlannedFile(part, table, fault=first_fault)


def _list_changes(part: SourceFile, dialect: Dialect) -> Iterator[dict[str, Any]]:
    """Changes of the dialect to try, the first that reads the file counts; none at first."""
    yield {}
    encodings: list[dict[str, Any]] = [{}]
    try:
        part.read(dialect)
    except DataError as fault:
        decodes_as = fault.values.get("decodes_as")
        if decodes_as and dialect.encoding is None:
            encodings = [{"encoding": str(decodes_as)}]
            yield encodings[0]
        if dialect.header_row is None:
            is_data = fault.id == "header-is-data"
            rows = (NO_HEADER,) if is_data else range(2, _MAX_HEADER_ROW)
            yield from ({**change, "header_row": row} for change in encodings for row in rows)
    except (FileError, UsageError):
        return


def complete_plan(
    planned: Sequence[PlannedFile], settings: Settings, found: Mapping[str, str]
) -> list[PlannedFile]:
    """The files with the tables that their names or cells suggest, where nothing else decides.

    found: name of a file -> the table that refgraph reads it as by itself.
    """
    files = [_settle(file, found) for file in planned]
    if not any(file.table == "customers" for file in files):
        files = _choose_customers(files)
    keys = collect_keys(files, settings)
    taken = {file.table for file in files}
    return [
        replace(file, table=_guess_by_cells(file, settings, keys, taken))
        if file.table is None and not file.is_other and not file.fault
        else file
        for file in files
    ]


def _settle(file: PlannedFile, found: Mapping[str, str]) -> PlannedFile:
    """A file with the table that reading finds, else the one that its name suggests."""
    name = file.file.name
    if count_match_headers(file.headers) >= len(MANDATORY_COLUMNS):
        return replace(file, table=None, is_other=True)
    if file.is_given or file.header_row == NO_HEADER:
        return replace(file, table=file.table if file.is_given else None)
    table = found.get(name) or file.table or (None if file.fault else _guess_by_name(file))
    is_other = name not in found and table in found.values()
    return replace(file, table=None if is_other else table, is_other=is_other)


def _guess_by_name(file: PlannedFile) -> str | None:
    name = (file.file.part_name or file.file.path.name).lower()
    return next((t for t, hint in _NAME_HINTS.items() if re.search(hint, name)), None)


def _choose_customers(files: list[PlannedFile]) -> list[PlannedFile]:
    """The first file of no known table with a column of ids becomes the customers.

    A file without a header becomes the referrals, if parties stand in both of its columns.
    """
    nobody = Keys(*[pl.Series([], dtype=pl.String)] * 3)
    for k, file in enumerate(files):
        if file.header_row == NO_HEADER and not file.is_given:
            guesses = guess_columns("referrals", file.shapes, Settings(), nobody)
            if guesses:
                return [*files[:k], replace(file, table="referrals"), *files[k + 1 :]]
    for k, file in enumerate(files):
        is_free = file.table is None and not file.fault
        if is_free and any(shape.is_unique for shape in file.shapes.values()):
            return [*files[:k], replace(file, table="customers"), *files[k + 1 :]]
    return files


def _guess_by_cells(
    file: PlannedFile, settings: Settings, keys: Keys, taken: set[str | None]
) -> str | None:
    """Referrals or orders, if the mandatory columns can be guessed."""
    for table in ("referrals", "orders"):
        if table in taken:
            continue
        guesses = guess_columns(table, file.shapes, settings, keys)
        found = {guess.column.partition(".")[2] for guess in guesses}
        if set(find_absent_fields(table, match_headers(table, file.headers, settings))) <= found:
            return table
    return None


def collect_wanted(files: Sequence[PlannedFile], settings: Settings) -> pl.Series:
    """Cells that may name customers: of columns for parties, known or with words for a referrer."""
    cells = [pl.Series("cell", [], pl.String)]
    for file in files:
        if file.table is None or file.fault:
            continue
        matches = match_headers(file.table, file.headers, settings)
        known = {match.header for name, match in matches.items() if name in _PARTY_FIELDS}
        for header, shape in file.shapes.items():
            if header in known or has_hint("referrer", header):
                cells.append(shape.distinct.alias("cell"))
    return pl.concat(cells).unique()


def collect_keys(files: Sequence[PlannedFile], settings: Settings) -> Keys:
    """The ids, names and contacts of customers, of columns that are known or can be guessed."""
    ids, names, contacts = ([pl.Series(n, [], pl.String)] for n in ("id", "name", "contact"))
    wanted = collect_wanted(files, settings)
    for file in files:
        if file.table != "customers" or file.fault:
            continue
        matches = match_headers("customers", file.headers, settings)
        headers = {name: match.header for name, match in matches.items()}
        for guess in guess_keys(file.shapes, settings, wanted):
            headers[guess.column.partition(".")[2]] = guess.header
        for name, cells in (("id", ids), ("name", names)):
            if name in headers:
                cells.append(file.shapes[headers[name]].cells.alias(name))
        taken = {headers.get("id"), headers.get("name"), headers.get("referred_by")}
        known = {headers.get(name) for name in CONTACT_COLUMNS}
        contacts += [
            shape.distinct.alias("contact")
            for header, shape in file.shapes.items()
            if header in known - taken or (header not in taken and shape.identifies)
        ]
    return Keys(pl.concat(ids), pl.concat(names), pl.concat(contacts))
