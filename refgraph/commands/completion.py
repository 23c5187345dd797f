"""``refgraph completion SHELL``: the script that lets a shell complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from refgraph.commands.cli import cli
from refgraph.commands.console import PROGRAM
from refgraph.commands.option_families import define_command
from refgraph.commands.parameter_types import WordType
from refgraph.errors import RefgraphError

SHELLS = ("bash", "zsh", "fish")


@define_command("completion", click.Argument(["shell"], type=WordType(SHELLS)))
def command(shell: str) -> None:
    """Write the script."""
    completion_class = get_completion_class(shell)
    if completion_class is None:
        raise RefgraphError("internal", kind="completion", what=shell)
    completion = completion_class(cli, {}, PROGRAM, "_REFGRAPH_COMPLETE")
    click.echo(completion.source())
