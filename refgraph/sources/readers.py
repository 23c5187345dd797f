"""The file formats that refgraph reads: one line of `READERS` and one module of this package each.

The module of a format that holds one table has two functions:

    read(path, file, dialect) -> RawTable
    read_headers(path, file, dialect) -> list[str]

That of a format that may hold several (`has_parts`) has one:

    open_parts(path, file) -> list[Part]

All of them raise DataError and FileError for what they refuse. `file` is the name to cite. The
module is imported when a file with one of its suffixes is read; `.gz` or `.zst` may follow.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from refgraph.errors import DataError
from refgraph.model.raw import RawTable
from refgraph.sources.compression import strip_compression
from refgraph.sources.content import to_printable_name
from refgraph.sources.edge_lists import is_edge_list
from refgraph.sources.options import Dialect
from refgraph.sources.parts import Part


class Reader(NamedTuple):
    """A format.

    module: its module in this package. is_always_data: whether every file with the suffix is data;
    a .txt may just as well be a note, which is not worth a remark. has_parts: whether a file may
    hold several tables.
    """

    module: str
    is_always_data: bool = True
    has_parts: bool = False


READERS: dict[str, Reader] = {
    ".csv": Reader("delimited"),
    ".tsv": Reader("delimited"),
    ".tab": Reader("delimited"),
    ".txt": Reader("delimited", is_always_data=False),
    ".parquet": Reader("columnar"),
    ".arrow": Reader("columnar"),
    ".feather": Reader("columnar"),
    ".ipc": Reader("columnar"),
    ".jsonl": Reader("json_lines"),
    ".ndjson": Reader("json_lines"),
    ".xlsx": Reader("workbooks", has_parts=True),
    ".xlsm": Reader("workbooks", has_parts=True),
    ".xlsb": Reader("workbooks", has_parts=True),
    ".xls": Reader("workbooks", has_parts=True),
    ".ods": Reader("workbooks", has_parts=True),
    ".graphml": Reader("graph_files", has_parts=True),
    ".gexf": Reader("graph_files", has_parts=True),
    ".sqlite": Reader("sqlite_tables", has_parts=True),
    ".sqlite3": Reader("sqlite_tables", has_parts=True),
    ".db": Reader("sqlite_tables", is_always_data=False, has_parts=True),
    ".json": Reader("json_tables", is_always_data=False, has_parts=True),
}
"""Suffix of a file, in lower case -> what reads it."""

_TEXT_READER = Reader("delimited")
"""Reads a file of any other suffix when its delimiter is given."""

_EDGE_LIST_READER = Reader("edge_lists")
"""Reads a .txt that begins with a comment, and what KONECT names out.NAME."""


def get_format_suffix(path: Path) -> str:
    """The suffix that names the format, in lower case: ``.csv`` of ``orders.csv.gz``."""
    return strip_compression(path).suffix.lower()


def is_readable(path: Path) -> bool:
    """Whether a reader knows the suffix of a file; or it is named like an edge list of KONECT."""
    return get_format_suffix(path) in READERS or _is_konect(path)


def _is_konect(path: Path) -> bool:
    return path.name.startswith("out.")


def is_always_data(path: Path) -> bool:
    """Whether every file with this suffix is meant as data."""
    suffix = get_format_suffix(path)
    return suffix in READERS and READERS[suffix].is_always_data


def has_parts(path: Path) -> bool:
    """Whether a file may hold several tables."""
    suffix = get_format_suffix(path)
    return suffix in READERS and READERS[suffix].has_parts


def check_format(path: Path, file: str, dialect: Dialect) -> None:
    """Raise DataError ``unknown-format-of-file`` for a file that no reader knows."""
    if dialect.delimiter is None and not is_readable(path):
        raise DataError("unknown-format-of-file", file=to_printable_name(file), known=list(READERS))


def open_parts(path: Path, file: str) -> list[Part]:
    """The tables within a file of a format that `has_parts`. Raises as the reader of its format."""
    parts: list[Part] = _load_reader(path, file, Dialect()).open_parts(path, file)
    return parts


def read_file(path: Path, file: str, dialect: Dialect) -> RawTable:
    """A file as a table of text. Raises as `check_format` and the reader of its format."""
    module = _load_reader(path, file, dialect)
    table: RawTable = module.read(path, file, dialect)
    return table


def read_file_headers(path: Path, file: str, dialect: Dialect) -> list[str]:
    """The headers of a file, without reading all of it. Raises as `read_file`."""
    module = _load_reader(path, file, dialect)
    headers: list[str] = module.read_headers(path, file, dialect)
    return headers


def _load_reader(path: Path, file: str, dialect: Dialect) -> ModuleType:
    check_format(path, file, dialect)
    reader = READERS.get(get_format_suffix(path), _TEXT_READER)
    if (_is_konect(path) or get_format_suffix(path) == ".txt") and is_edge_list(path):
        reader = _EDGE_LIST_READER
    return import_module(f"{__package__}.{reader.module}")
