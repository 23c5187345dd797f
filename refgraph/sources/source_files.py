"""What is read as one table: a file, or a part of it such as a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from refgraph.errors import DataError, UsageError
from refgraph.model.raw import RawTable
from refgraph.sources.content import to_printable_name
from refgraph.sources.options import Dialect, SheetChoice
from refgraph.sources.parts import Part
from refgraph.sources.readers import has_parts, open_parts, read_file, read_file_headers


class SourceFile(NamedTuple):
    """A file, or a part of it, and the name under which it is cited: ``book.xlsx[Sheet]``."""

    path: Path
    name: str
    part: Part | None = None

    @property
    def part_name(self) -> str:
        """The name of the sheet or table, empty for a whole file."""
        return self.part.name if self.part else ""

    def read_headers(self, dialect: Dialect) -> list[str]:
        """The headers. Raises as the reader of its format."""
        part = self.part or self._open_only_part()
        if part is None:
            return read_file_headers(self.path, self.name, dialect)
        return part.read_headers(dialect)

    def read(self, dialect: Dialect) -> RawTable:
        """The rows. Raises as the reader of its format."""
        part = self.part or self._open_only_part()
        if part is None:
            return read_file(self.path, self.name, dialect)
        return part.read(to_printable_name(self.name), dialect)

    def _open_only_part(self) -> Part | None:
        """The one part of a file that could not be split before; None for a plain file."""
        return split_file(self.path, self.name)[0].part


def split_file(path: Path, name: str) -> list[SourceFile]:
    """The tables of a file: the file itself, or each of its parts.

    Raises as the reader of its format; DataError ``no-tables-in-file`` for a file without parts.
    """
    if not has_parts(path):
        return [SourceFile(path, name)]
    parts = open_parts(path, to_printable_name(name))
    if not parts:
        raise DataError("no-tables-in-file", file=to_printable_name(name))
    return [SourceFile(path, f"{name}[{part.name}]" if part.name else name, part) for part in parts]


def select_sheets(files: Sequence[SourceFile], sheets: Sequence[SheetChoice]) -> list[SourceFile]:
    """Those of the tables of one file that `sheets` name; all if they name none of them."""
    named = {choice.name for choice in sheets}
    return [file for file in files if file.part_name in named] or list(files)


def check_sheets(sheets: Sequence[SheetChoice], part_names: Sequence[str]) -> None:
    """Raise UsageError ``unknown-sheet`` for a sheet that none of the files has."""
    known = sorted({name for name in part_names if name})
    for choice in sheets:
        if choice.name not in known:
            raise UsageError("unknown-sheet", name=choice.name, known=known)
