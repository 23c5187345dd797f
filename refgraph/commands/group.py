"""The top level: names and one-line summaries of all commands, each loaded only when called."""

from __future__ import annotations

from importlib import import_module

import click

from refgraph import analyses
from refgraph.commands.language import chosen
from refgraph.texts import lookup

COMMANDS = {
    "timeline": "timeline", "changes": "changes",
    "check": "check", "report": "report", "customer": "customer", "catalog": "catalog", "explain": "explain",
    "doctor": "doctor", "draw": "draw", "completion": "completion", "generate": "generate",
    "load": "load", "snapshot": "snapshot",
}  # fmt: skip
"""Command -> its module in this folder; analyses all come from ``analysis``."""


class Lazy(click.Group):
    """A group whose help needs no command to be loaded."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which a person needs them."""
        return ["check", *analyses.NAMES, *(name for name in COMMANDS if name != "check")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, its module imported now."""
        if cmd_name in analyses.NAMES:
            made: click.Command = import_module("refgraph.commands.analysis").command(cmd_name)
            return made
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f"refgraph.commands.{COMMANDS[cmd_name]}").command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands from the texts alone."""
        lang = chosen()
        with formatter.section(lookup("help", "commands", lang)):
            formatter.write_dl([(name, lookup("command", name, lang)) for name in self.list_commands(ctx)])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest names for an unknown one."""
        if args and args[0] not in self.list_commands(ctx) and not args[0].startswith("-"):
            from refgraph.errors import UsageError

            raise UsageError("unknown-command", name=args[0], known=self.list_commands(ctx))
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        from importlib.metadata import version

        click.echo(f"refgraph {version('refgraph')}")
        ctx.exit()


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]}, help=lookup("help", "program", chosen()))
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version,
              help=lookup("option", "version", chosen()))  # fmt: skip
def cli() -> None:
    """All commands."""
