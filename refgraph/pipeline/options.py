"""How a source is read: all a caller may specify about the files or the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from refgraph.engines.options import Connection
from refgraph.errors import UsageError
from refgraph.intake import IntakeOptions
from refgraph.model.fields import TABLE_NAMES
from refgraph.model.settings import Settings
from refgraph.sources import FileOptions

MIN_KEY_BYTES = 32
"""As long as the hash: a shorter key could be guessed."""
__all__ = ["Connection", "SourceOptions", "complete_options"]


@dataclass(frozen=True, kw_only=True)
class SourceOptions(FileOptions):
    """How a source is read: its files (see `FileOptions`), its columns, or its database.

    config: settings file, None = searched for. columns: ``table.field`` -> header in the files.
    intake: how strictly the data are checked. connection: how a database is reached.
    pseudonym_key: at least 32 bytes; names, contacts and free text are dropped and IDs become
    pseudonyms that depend on the key alone.
    Raises UsageError ``key-empty``, ``key-short``.
    """

    config: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    intake: IntakeOptions = IntakeOptions()
    connection: Connection = Connection()
    pseudonym_key: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.pseudonym_key is not None:
            check_key(self.pseudonym_key)


def check_key(key: bytes, path: str = "") -> None:
    """Raises UsageError ``key-empty``, ``key-short`` for a key that could be guessed.

    path: its file, to be named.
    """
    if not key:
        raise UsageError("key-empty", path=path)
    if len(key) < MIN_KEY_BYTES:
        raise UsageError("key-short", path=path, bytes=len(key), least=MIN_KEY_BYTES)


def complete_options(options: SourceOptions, settings: Settings) -> SourceOptions:
    """The options, and what table ``[read]`` of the settings says where they say nothing."""
    read = settings.read
    rows = (f"{table}={row}" if table else str(row) for table, row in read.header_row.items())
    files: dict[str, Any] = {
        table: getattr(options, table) or getattr(read, table) for table in TABLE_NAMES
    }
    return replace(
        options,
        **files,
        patches=options.patches or read.customers_patch,
        matches=options.matches or read.matches,
        encoding=options.encoding or read.encoding,
        delimiter=options.delimiter or read.delimiter,
        input_format=options.input_format or read.input_format,
        sheets=options.sheets or read.sheet,
        header_rows=options.header_rows or tuple(rows),
    )
