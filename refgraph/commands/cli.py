"""The top level: its help, and each command loaded when it is called."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import cast

import click
from click.shell_completion import CompletionItem

from refgraph import analyses
from refgraph.commands.command_names import (
    COMMANDS,
    FIRST_COMMANDS,
    OLD_NAMES,
    list_groups,
    list_summaries,
)
from refgraph.commands.console import PROGRAM, get_console
from refgraph.commands.help_page import HelpFormatter
from refgraph.commands.localized_command import LocalizedGroup
from refgraph.commands.localized_option import LANG, LocalizedOption


class MainGroup(LocalizedGroup):
    """The program. Its help is made from the texts alone; no command is loaded for it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, by group."""
        return [name for names in list_groups().values() for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, its module imported now; None for an unknown name."""
        name = OLD_NAMES.get(cmd_name, cmd_name)
        if name in analyses.NAMES:
            module = import_module("refgraph.commands.analysis")
            return cast(click.Command, module.make_command(name))
        if name in COMMANDS:
            module = import_module(f"refgraph.commands.{name.replace('-', '_')}")
            return cast(click.Command, module.command)
        return None

    def handle_no_command(self, ctx: click.Context) -> None:
        """Print a short help and exit with 0."""
        console = get_console()
        page = cast(HelpFormatter, ctx.make_formatter())
        self.format_usage(ctx, page)
        page.write_paragraph()
        page.write_text(console.look_up("help", "program").split("\n\n")[0])
        with page.section(console.look_up("help", "first-commands")):
            page.write_dl(list_summaries(FIRST_COMMANDS))
        page.write_paragraph()
        page.write_text(console.look_up("help", "more"))
        click.echo(page.getvalue().rstrip("\n"))
        ctx.exit()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands, one section per group."""
        console = get_console()
        for group, names in list_groups().items():
            with formatter.section(console.look_up("help", f"group-{group}")):
                formatter.write_dl(list_summaries(names))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Names of commands, without loading them; options after a dash."""
        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        return [
            CompletionItem(name.rstrip(), help=summary)
            for name, summary in list_summaries(self.list_commands(ctx))
            if name.startswith(incomplete)
        ]


def _print_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"{PROGRAM} {version('refgraph')}")
        ctx.exit()


cli = MainGroup(
    PROGRAM,
    text=("help", "program"),
    context_settings={"help_option_names": ["-h", "--help"]},
    params=[
        LocalizedOption(
            "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version
        ),
        LANG,
    ],
)
