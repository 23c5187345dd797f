"""The shared options as click declares them, by family, and the decorator that makes a command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import click

from refgraph.commands.localized_command import LocalizedCommand
from refgraph.commands.localized_option import LANG, LocalizedOption
from refgraph.commands.options import DatabaseOptions, OutputOptions, ReadingOptions, ScopeOptions
from refgraph.commands.parameter_types import DateType, NumberType, WordListType, WordType
from refgraph.intake.options import DuplicateRule
from refgraph.model.fields import TABLE_NAMES
from refgraph.model.parameter_values import Limits
from refgraph.model.scope import CountableRole, ExcludableCode, ValueBasis

CommandFunction = Callable[..., int | None]
"""Returns the exit code; None = 0."""


@dataclass(frozen=True)
class OptionFamily:
    """Options that reach a command as one argument ``name``, a value made by ``build``."""

    name: str
    build: Callable[..., object]
    parameters: tuple[click.Parameter, ...]

    def select(self, *names: str) -> OptionFamily:
        """The family with only these of its options."""
        kept = tuple(p for p in self.parameters if p.name in names)
        return OptionFamily(self.name, self.build, kept)

    def drop(self, *names: str) -> OptionFamily:
        """The family without these of its options."""
        kept = tuple(p for p in self.parameters if p.name not in names)
        return OptionFamily(self.name, self.build, kept)


def define_command(
    name: str,
    *parameters: click.Parameter,
    families: Sequence[OptionFamily] = (),
    text: tuple[str, str] | None = None,
    epilog_text: tuple[str, str] | None = None,
) -> Callable[[CommandFunction], LocalizedCommand]:
    """Make a function the command ``name``.

    parameters: its own options and arguments, each passed as an argument of its name.
    families: shared options, each family passed as one argument.
    text, epilog_text: (table, key) of the help and of the text at its end.
    """
    shared = [parameter for family in families for parameter in family.parameters]

    def decorate(function: CommandFunction) -> LocalizedCommand:
        def run(**values: Any) -> int | None:
            for family in families:
                taken = {str(p.name): values.pop(str(p.name)) for p in family.parameters}
                values[family.name] = family.build(**taken)
            return function(**values)

        return LocalizedCommand(
            name,
            params=[*parameters, *shared, *COMMON],
            callback=run,
            text=text,
            epilog_text=epilog_text,
        )

    return decorate


def _file_option(flag: str) -> LocalizedOption:
    return LocalizedOption(flag, group="reading", multiple=True, metavar="FILE")


def _reading_flag(flag: str) -> LocalizedOption:
    return LocalizedOption(flag, group="reading", is_flag=True)


COMMON: tuple[click.Parameter, ...] = (
    LANG,
    LocalizedOption("--quiet", group="output", is_flag=True, expose_value=False),
    LocalizedOption("--debug", group="output", is_flag=True, expose_value=False),
)
"""Options of every command; `Console` reads them before they are parsed."""

SCOPE = OptionFamily(
    "scope",
    ScopeOptions,
    (
        LocalizedOption(
            "--value", group="scope", type=WordType(get_args(ValueBasis)), metavar="BASIS"
        ),
        LocalizedOption("--as-of", group="scope", type=DateType()),
        LocalizedOption("--since", group="scope", type=DateType()),
        LocalizedOption("--until", group="scope", type=DateType()),
        LocalizedOption(
            "--count",
            group="scope",
            type=WordListType(get_args(CountableRole)),
            metavar="ROLE,ROLE",
        ),
        LocalizedOption(
            "--exclude",
            group="scope",
            type=WordType(get_args(ExcludableCode)),
            multiple=True,
            metavar="CODE",
        ),
        LocalizedOption("--roll-up", group="scope", is_flag=True),
    ),
)
OUTPUT = OptionFamily(
    "output",
    OutputOptions,
    (
        LocalizedOption("--format", group="output", metavar="NAME"),
        LocalizedOption("--output", "-o", group="output", metavar="FILE"),
        LocalizedOption("--top", group="output", type=NumberType(int, Limits(1)), metavar="N"),
        LocalizedOption("--verbose", group="output", is_flag=True),
    ),
)
READING = OptionFamily(
    "reading",
    ReadingOptions,
    (
        click.Argument(["source"], required=False, envvar="REFGRAPH_SOURCE"),
        _file_option("--customers"),
        _file_option("--referrals"),
        _file_option("--orders"),
        _file_option("--affiliations"),
        _file_option("--contacts"),
        _file_option("--events"),
        _file_option("--customers-patch"),
        _file_option("--matches"),
        LocalizedOption("--column", group="reading", multiple=True, metavar="TABLE.COLUMN=HEADER"),
        LocalizedOption("--encoding", group="reading", metavar="NAME"),
        LocalizedOption("--delimiter", group="reading", metavar="CHARACTER"),
        LocalizedOption("--input-format", group="reading", metavar="NAME"),
        LocalizedOption("--sheet", group="reading", multiple=True, metavar="NAME"),
        LocalizedOption("--fill-down", group="reading", multiple=True, metavar="HEADER"),
        LocalizedOption("--header-row", group="reading", multiple=True, metavar="N"),
        LocalizedOption("--date-format", group="reading", multiple=True, metavar="STRPTIME"),
        LocalizedOption("--decimal", group="reading", multiple=True, metavar="SIGN"),
        _reading_flag("--loose-numbers"),
        LocalizedOption("--currency", group="reading", metavar="CODE"),
        _reading_flag("--trim"),
        LocalizedOption(
            "--duplicates",
            group="reading",
            type=WordType(get_args(DuplicateRule)),
        ),
        _reading_flag("--strict"),
        _reading_flag("--no-referrals"),
        _reading_flag("--repair-ids"),
        _reading_flag("--same-order-once"),
        _reading_flag("--sensitive"),
        LocalizedOption("--config", group="reading", metavar="FILE"),
        _reading_flag("--allow-rejects"),
        LocalizedOption("--rejects", group="reading", metavar="FILE"),
        LocalizedOption("--pseudonymize", group="reading", metavar="KEYFILE"),
    ),
)
DATABASE = OptionFamily(
    "database",
    DatabaseOptions,
    (
        LocalizedOption("--database", group="database", metavar="NAME"),
        LocalizedOption("--env-file", group="database", metavar="FILE"),
        LocalizedOption("--insecure", group="database", is_flag=True),
        LocalizedOption("--node-label", group="database", multiple=True, metavar="LABEL"),
        LocalizedOption("--relationship", group="database", multiple=True, metavar="TYPE"),
        LocalizedOption("--reversed", group="database", is_flag=True, default=None),
        LocalizedOption("--reversed-relationship", group="database", multiple=True, metavar="TYPE"),
        LocalizedOption("--orders-label", group="database", metavar="LABEL"),
        LocalizedOption("--orders-relationship", group="database", metavar="TYPE"),
        LocalizedOption("--property", group="database", multiple=True, metavar="NAME"),
        *(
            LocalizedOption(f"--cypher-{table}", group="database", metavar="FILE")
            for table in TABLE_NAMES
        ),
        LocalizedOption("--snapshot", group="database", is_flag=True),
        LocalizedOption(
            "--compute",
            group="database",
            type=WordType(["any", "columns"]),
            default="any",
            show_default=True,
        ),
    ),
)
CONNECTION = DATABASE.select("database", "env_file", "insecure")
GRAPH = DATABASE.drop("snapshot", "compute")
ALL_FAMILIES = (SCOPE, OUTPUT, READING, DATABASE)
