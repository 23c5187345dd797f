"""How a source is read: all a caller may specify about the files or the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from refgraph.engines.options import Connection
from refgraph.intake import IntakeOptions
from refgraph.model.settings import Settings
from refgraph.sources import FileOptions

__all__ = ["Connection", "SourceOptions", "complete_options"]


@dataclass(frozen=True, kw_only=True)
class SourceOptions(FileOptions):
    """How a source is read: its files (see `FileOptions`), its columns, or its database.

    config: settings file, None = searched for. columns: ``table.field`` -> header in the files.
    intake: how strictly the data are checked. connection: how a database is reached.
    """

    config: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    intake: IntakeOptions = IntakeOptions()
    connection: Connection = Connection()


def complete_options(options: SourceOptions, settings: Settings) -> SourceOptions:
    """The options, and what table ``[read]`` of the settings says where they say nothing."""
    read = settings.read
    rows = (f"{table}={row}" if table else str(row) for table, row in read.header_row.items())
    return replace(
        options,
        customers=options.customers or read.customers,
        referrals=options.referrals or read.referrals,
        orders=options.orders or read.orders,
        affiliations=options.affiliations or read.affiliations,
        patches=options.patches or read.customers_patch,
        matches=options.matches or read.matches,
        encoding=options.encoding or read.encoding,
        delimiter=options.delimiter or read.delimiter,
        sheets=options.sheets or read.sheet,
        header_rows=options.header_rows or tuple(rows),
    )
