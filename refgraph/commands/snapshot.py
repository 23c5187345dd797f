"""``refgraph snapshot list|clear``: graphs of databases that are kept on this machine."""

from __future__ import annotations

from typing import Any

import click

from refgraph.commands import options, output
from refgraph.commands.language import chosen
from refgraph.flow.snapshots import clear, listed
from refgraph.model.message import message
from refgraph.texts import LANGUAGES, lookup, say


@click.group("snapshot", help=lookup("command", "snapshot", chosen()))
def command() -> None:
    """The two of them."""


@command.command("list", help=lookup("load", "help-list", chosen()))
@options.page_options
def list_(**given: Any) -> None:
    """Write the table of snapshots."""
    output.page(listed(), given)


@command.command("clear", help=lookup("load", "help-clear", chosen()))
@options.option("--lang", type=click.Choice(LANGUAGES), envvar="REFGRAPH_LANG")
@options.option("--debug", is_flag=True)
def clear_(lang: str | None, debug: bool) -> None:
    """Take all away, and say how many."""
    click.echo(say(message("load.cleared", snapshots=clear()), lang or chosen()))
