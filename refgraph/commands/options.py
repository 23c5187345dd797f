"""Options that many commands share: one decorator a family, and how they become values."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

import click

from refgraph.commands.language import chosen
from refgraph.errors import UsageError
from refgraph.flow.reading import Connection, Reading
from refgraph.intake import Options
from refgraph.intake.cast import Rules
from refgraph.model.scope import Scope
from refgraph.model.settings import Settings
from refgraph.texts import LANGUAGES, lookup

F = TypeVar("F", bound=Callable[..., Any])


def text(name: str) -> str:
    """What an option means, in the language of the reader."""
    return lookup("option", name, chosen())


class Day(click.ParamType[date]):
    """A date as ISO text."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Raises UsageError ``bad-day``."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            raise UsageError("bad-day", value=value, option=param.name if param else "") from None


def option(flag: str, *names: str, of: str = "", **more: Any) -> Callable[[F], F]:
    """A click option with its help from the texts: that of the command ``of`` (``segments.by``), else the common one."""
    key = flag.lstrip("-").replace("-", "_")
    own = lookup("option", f"{of}.{key}", chosen(), "")
    return click.option(flag, *names, help=own or text(key), **more)


def together(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options as one decorator, in the order given."""

    def decorate(function: F) -> F:
        for each in reversed(options):
            function = each(function)
        return function

    return decorate


source = click.argument("source", required=False, envvar="REFGRAPH_SOURCE")
connection_options: Callable[[F], F] = together(
    option("--database", metavar="NAME"),
    option("--env-file", metavar="FILE"),
    option("--insecure", is_flag=True),
)
reading_options: Callable[[F], F] = together(
    *(option(f"--{table}", multiple=True, metavar="FILE") for table in ("customers", "referrals", "orders", "affiliations")),
    option("--customers-patch", multiple=True, metavar="FILE"),
    option("--column", multiple=True, metavar="TABLE.COLUMN=HEADER"),
    option("--encoding", metavar="NAME"),
    option("--delimiter", metavar="CHARACTER"),
    option("--date-format", metavar="STRPTIME"),
    option("--loose-numbers", is_flag=True),
    option("--trim", is_flag=True),
    option("--duplicates", type=click.Choice(["reject", "first"]), default="reject"),
    option("--strict", is_flag=True),
    option("--sensitive", is_flag=True),
    option("--config", metavar="FILE"),
    option("--allow-rejects", is_flag=True),
    option("--rejects", metavar="FILE"),
    connection_options,
    option("--node-label", metavar="LABEL"),
    option("--relationship", metavar="TYPE"),
    option("--reversed", is_flag=True, default=None),
    option("--snapshot", is_flag=True),
    option("--compute", type=click.Choice(["any", "columns"]), default="any", show_default=True),
)
scope_options: Callable[[F], F] = together(
    option("--value", metavar="BASIS"),
    option("--as-of", type=Day()),
    option("--since", type=Day()),
    option("--until", type=Day()),
    option("--count", metavar="ROLE,ROLE"),
    option("--exclude", multiple=True, metavar="CODE"),
    option("--roll-up", is_flag=True),
)
page_options: Callable[[F], F] = together(
    option("--format", metavar="NAME"),
    option("--output", "-o", metavar="FILE"),
    option("--lang", type=click.Choice(LANGUAGES), envvar="REFGRAPH_LANG"),
    option("--top", type=click.IntRange(min=1), metavar="N"),
    option("--quiet", is_flag=True),
    option("--verbose", is_flag=True),
    option("--debug", is_flag=True),
)


def reading(given: Mapping[str, Any]) -> Reading:
    """The Reading that the options ask for.

    Raises UsageError for a ``--column`` that is no ``table.column=header``, a delimiter that is no character, and dates
    without a year.
    """
    columns = {}
    for pair in given["column"]:
        target, sign, header = pair.partition("=")
        if not sign or "." not in target or not header:
            raise UsageError("bad-column", value=pair)
        columns[target] = header
    if given["date_format"] and not re.search(r"%[-_0]?[YyGgDFcsvx+]", given["date_format"]):
        raise UsageError("bad-date-format", value=given["date_format"])
    rules = Rules(given["date_format"], given["loose_numbers"], given["trim"])
    delimiter = {"tab": "\t", "\\t": "\t"}.get(given["delimiter"], given["delimiter"])
    if delimiter is not None and len(delimiter) != 1:
        raise UsageError("bad-delimiter", value=delimiter)
    tables = {name: tuple(given[name]) for name in ("customers", "referrals", "orders", "affiliations")}
    return Reading(**tables, patches=tuple(given["customers_patch"]), delimiter=delimiter, encoding=given["encoding"],
                   config=given["config"], columns=columns, connection=connection(given),
                   intake=Options(rules, given["strict"], given["duplicates"], given["sensitive"]))  # fmt: skip


def connection(given: Mapping[str, Any]) -> Connection:
    """How a database is reached and what is read in it; a person at a terminal is asked for a missing password."""
    ask = _password if sys.stdin.isatty() and sys.stderr.isatty() else None
    return Connection(given["env_file"], given["database"], given["insecure"], ask, given.get("snapshot", False),
                      given.get("node_label"), given.get("relationship"), given.get("reversed"),
                      given.get("compute") == "columns")  # fmt: skip


def _password() -> str:
    asked: str = click.prompt(lookup("load", "password", chosen()), hide_input=True, err=True)
    return asked


def scope(given: Mapping[str, Any]) -> Scope:
    """The Scope that the options ask for. Raises UsageError ``bad-window`` when it ends before it begins."""
    if given["since"] and given["until"] and given["since"] > given["until"]:
        raise UsageError("bad-window", since=given["since"], until=given["until"])
    count = tuple(sorted(set(filter(None, (given["count"] or "").split(",")))))
    return Scope(given["as_of"], given["since"], given["until"], given["value"], count, tuple(sorted(given["exclude"])),
                 given["roll_up"])


def source_of(given: Mapping[str, Any]) -> str | None:
    """SOURCE, or None where single tables stand in its place. Raises UsageError ``no-source``."""
    if given["source"] is None and not given["customers"]:
        raise UsageError("no-source")
    found: str | None = given["source"]
    return os.path.expanduser(found) if found else None


def with_defaults(given: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """The options, those not given taken from table ``[options]`` of refgraph.toml."""
    table = settings.other.get("options", {})
    assert isinstance(table, dict)
    return given | {name: value for name, value in table.items() if given.get(name, 0) is None}
