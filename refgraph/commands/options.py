"""Options that many commands share, and the typed values that commands receive for them.

A family of options becomes one argument of a command: `SCOPE` the argument ``scope``, a
`ScopeOptions`. The names of the fields are those of the options; `define_command` builds the value.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import click

from refgraph.commands.console import get_console
from refgraph.errors import FileError, UsageError
from refgraph.intake import IntakeOptions
from refgraph.intake.cast_rules import CastRules
from refgraph.intake.options import DuplicateRule
from refgraph.model.fields import TABLE_NAMES
from refgraph.model.read_settings import ReadingChoices
from refgraph.model.refusals import describe_refusal
from refgraph.model.scope import Scope
from refgraph.model.settings import OptionDefaults
from refgraph.pipeline.options import Connection, SourceOptions
from refgraph.pipeline.pseudonymous import load_key

DELIMITER_WORDS = {"tab": "\t", "\\t": "\t"}


@dataclass(frozen=True, kw_only=True)
class ScopeOptions:
    """Which part of the data is analyzed: ``--as-of``, ``--value`` and so on. None = not given."""

    value: str | None = None
    as_of: date | None = None
    since: date | None = None
    until: date | None = None
    count: str | None = None
    exclude: tuple[str, ...] = ()
    roll_up: bool = False

    def with_defaults(self, defaults: OptionDefaults) -> ScopeOptions:
        """What was not given is taken from table ``[options]`` of refgraph.toml."""
        value = defaults.value if self.value is None else self.value
        count = defaults.count if self.count is None else self.count
        return replace(self, value=value, count=count)

    def to_scope(self) -> Scope:
        """The Scope. Raises UsageError ``bad-window`` if it ends before it begins."""
        return Scope(
            as_of=self.as_of,
            since=self.since,
            until=self.until,
            value=self.value,
            count=self.count or (),
            exclude=self.exclude,
            roll_up=self.roll_up,
        )


@dataclass(frozen=True, kw_only=True)
class OutputOptions:
    """Where and how an answer is written. output: a file; None or ``-`` = stdout."""

    format: str | None = None
    output: str | None = None
    top: int | None = None
    verbose: bool = False

    @property
    def path(self) -> str | None:
        """The file to write, None for stdout."""
        return None if self.output in (None, "-") else self.output

    @property
    def is_folder(self) -> bool:
        """Whether ``output`` names a folder: by a slash at its end, or because it is one."""
        return self.path is not None and (self.path.endswith(os.sep) or os.path.isdir(self.path))

    def with_defaults(self, defaults: OptionDefaults) -> OutputOptions:
        """What was not given is taken from table ``[options]`` of refgraph.toml."""
        format = defaults.format if self.format is None else self.format
        top = defaults.top if self.top is None else self.top
        return replace(self, format=format, top=top)


@dataclass(frozen=True, kw_only=True)
class DatabaseOptions:
    """How a database is reached, and how its answers are computed."""

    database: str | None = None
    env_file: str | None = None
    insecure: bool = False
    node_label: tuple[str, ...] = ()
    relationship: tuple[str, ...] = ()
    reversed: bool | None = None
    reversed_relationship: tuple[str, ...] = ()
    orders_label: str | None = None
    orders_relationship: str | None = None
    property: tuple[str, ...] = ()
    cypher_customers: str | None = None
    cypher_referrals: str | None = None
    cypher_orders: str | None = None
    cypher_affiliations: str | None = None
    cypher_contacts: str | None = None
    cypher_events: str | None = None
    snapshot: bool = False
    compute: str = "any"

    def list_files(self) -> list[str]:
        """The files that these options name."""
        return [file for file in (self.env_file, *self._find_statements().values()) if file]

    def _find_statements(self) -> dict[str, str]:
        """Table -> the file with the statement that returns its rows."""
        files = {table: getattr(self, f"cypher_{table}") for table in TABLE_NAMES}
        return {table: file for table, file in files.items() if file}

    def to_connection(self) -> Connection:
        """The Connection; a person at a terminal is asked for a missing password.

        Raises FileError ``cannot-read`` for a file with a statement.
        """
        is_interactive = sys.stdin.isatty() and sys.stderr.isatty()
        return Connection(
            env_file=self.env_file,
            database=self.database,
            insecure=self.insecure,
            ask_password=_make_password_prompt() if is_interactive else None,
            snapshot=self.snapshot,
            label=self.node_label or None,
            relationship=self.relationship or None,
            reversed=self.reversed,
            reversed_relationship=self.reversed_relationship or None,
            orders_label=self.orders_label,
            orders_relationship=self.orders_relationship,
            property=self.property or None,
            cypher={
                table: _read_statement(file) for table, file in self._find_statements().items()
            },
            compute_all=self.compute == "columns",
        )


@dataclass(frozen=True, kw_only=True)
class ReadingOptions(ReadingChoices):
    """SOURCE, files besides or instead of it, and how they are written and checked."""

    source: str | None = None
    column: tuple[str, ...] = ()
    header_row: tuple[str, ...] = ()
    currency: str | None = None
    duplicates: DuplicateRule | None = None
    config: str | None = None
    rejects: str | None = None
    pseudonymize: str | None = None

    def find_source(self) -> str | None:
        """SOURCE, or None if single tables replace it. Raises UsageError ``no-source``."""
        if self.source:
            return os.path.expanduser(self.source)
        if not (self.customers or self.referrals):
            raise UsageError("no-source")
        return None

    def list_files(self) -> list[str]:
        """The files that are named one by one."""
        tables = [getattr(self, table) for table in TABLE_NAMES]
        return [file for files in (*tables, self.customers_patch, self.matches) for file in files]

    def to_source_options(self, database: DatabaseOptions) -> SourceOptions:
        """The SourceOptions.

        Raises UsageError ``bad-column``, ``bad-delimiter``, ``bad-header-row``,
        ``bad-date-format``, ``bad-decimal``, ``key-empty`` and ``key-short``; FileError for a key
        that cannot be read.
        """
        rules = CastRules(
            self.date_format, self.loose_numbers, self.trim, self.currency or "", self.decimal
        )
        return SourceOptions(
            **{table: getattr(self, table) for table in TABLE_NAMES},
            patches=self.customers_patch,
            matches=self.matches,
            delimiter=_read_delimiter(self.delimiter),
            encoding=self.encoding,
            input_format=self.input_format,
            sheets=self.sheet,
            header_rows=self.header_row,
            config=self.config,
            columns=dict(_split_column(pair) for pair in self.column),
            connection=database.to_connection(),
            pseudonym_key=load_key(self.pseudonymize) if self.pseudonymize else None,
            intake=IntakeOptions(
                rules=rules,
                strict=self.strict,
                duplicates=self.duplicates,
                sensitive=self.sensitive,
                no_referrals=self.no_referrals,
                repair_ids=self.repair_ids,
                same_order_once=self.same_order_once,
                fill_down=self.fill_down,
            ),
        )


def _split_column(pair: str) -> tuple[str, str]:
    """``table.column=header`` as (``table.column``, ``header``)."""
    target, sign, header = pair.partition("=")
    if not sign or "." not in target or not header:
        raise UsageError("bad-column", value=pair)
    return target, header


def _read_delimiter(text: str | None) -> str | None:
    delimiter = DELIMITER_WORDS.get(text, text) if text else text
    if delimiter is not None and len(delimiter) != 1:
        raise UsageError("bad-delimiter", value=delimiter)
    return delimiter


def _read_statement(file: str) -> str:
    """Raises FileError ``cannot-read``."""
    try:
        return Path(file).expanduser().read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise FileError("cannot-read", path=file, why=describe_refusal(error)) from error


def _make_password_prompt() -> Callable[[], str]:
    """A prompt in the language of the call, for threads that click does not know."""
    question = get_console().look_up("load", "password")

    def ask_password() -> str:
        return str(click.prompt(question, hide_input=True, err=True))

    return ask_password
