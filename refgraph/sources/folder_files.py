"""The files of a folder that may hold data, and the tables within them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from refgraph.errors import DataError, FileError
from refgraph.model.refusals import describe_refusal
from refgraph.sources.content import to_printable_name
from refgraph.sources.declared_formats import open_source_path
from refgraph.sources.options import Dialect, SheetChoice
from refgraph.sources.readers import check_format, is_readable
from refgraph.sources.source_files import SourceFile, select_sheets, split_file
from refgraph.sources.standard_input import get_cited_name, is_standard_input

_NON_DATA_FILES = re.compile(r"\..*|~\$.*|readme(\..*)?|truth\.json|.*\.(md|toml)", re.IGNORECASE)


@contextmanager
def translate_os_errors(source: Path) -> Iterator[None]:
    """Raise FileError ``cannot-read`` for what the operating system refuses."""
    try:
        yield
    except (OSError, ValueError) as error:
        path = to_printable_name(str(source))
        raise FileError("cannot-read", path=path, why=describe_refusal(error)) from error


def list_files(folder: Path) -> list[Path]:
    """The files that may hold data, sorted.

    Links that lead nowhere are among them, so that reading them fails instead of passing them over.
    """
    paths = [path for path in sorted(folder.iterdir()) if not _NON_DATA_FILES.fullmatch(path.name)]
    return [path for path in paths if path.is_file() or (path.is_symlink() and not path.exists())]


def check_single_file(path: Path, dialect: Dialect) -> None:
    """Raise FileError ``not-found`` or DataError ``unknown-format-of-file``."""
    if not (is_standard_input(path) or path.exists() or path.is_symlink()):
        raise FileError("not-found", path=to_printable_name(str(path)))
    check_format(path, str(path), dialect)


def list_parts(
    source: Path, dialect: Dialect = Dialect(), sheets: Sequence[SheetChoice] = ()
) -> list[SourceFile]:
    """All tables of a folder or a file, whatever they hold; a file that cannot be split is one.

    Raises as `find_table_files`, except ``no-tables``.
    """
    with translate_os_errors(source):
        source = open_source_path(source, dialect.input_format)
        is_folder = source.is_dir()
        if not is_folder:
            check_single_file(source, dialect)
        paths = (
            [path for path in list_files(source) if is_readable(path)] if is_folder else [source]
        )
    parts: list[SourceFile] = []
    for path in paths:
        name = path.name if is_folder else get_cited_name(path)
        try:
            parts += select_sheets(split_file(path, name), sheets)
        except (DataError, FileError):  # reading it reports the fault
            parts.append(SourceFile(path, name))
    return parts
