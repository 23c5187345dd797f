"""``refgraph completion SHELL``: the script that lets a shell complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from refgraph.commands import options
from refgraph.commands.language import chosen
from refgraph.errors import RefgraphError
from refgraph.texts import LANGUAGES, lookup


@click.command("completion", help=lookup("command", "completion", chosen()))
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@options.option("--lang", type=click.Choice(LANGUAGES))
@options.option("--debug", is_flag=True)
def command(shell: str, lang: str | None, debug: bool) -> None:
    """Write the script."""
    from refgraph.commands.group import cli

    made = get_completion_class(shell)
    if made is None:
        raise RefgraphError("internal", kind="completion", what=shell)
    click.echo(made(cli, {}, "refgraph", "_REFGRAPH_COMPLETE").source())
