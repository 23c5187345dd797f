"""The top level: names and one-line summaries of all commands; a command is loaded when called."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import version
from typing import cast

import click
from click.shell_completion import CompletionItem

from refgraph import analyses
from refgraph.commands.console import PROGRAM, get_console
from refgraph.commands.help_page import HelpFormatter
from refgraph.commands.localized_command import LocalizedGroup
from refgraph.commands.localized_option import LANG, LocalizedOption

COMMANDS = (
    "check",
    "generate",
    "draw",
    "report",
    "customer",
    "timeline",
    "changes",
    "load",
    "snapshot",
    "catalog",
    "explain",
    "doctor",
    "completion",
)
"""Commands with a module of their own in this folder; those of analyses come from ``analysis``."""
GROUPS = {
    "read": ("check", "generate"),
    "questions": (
        "effect",
        "growth",
        "cohorts",
        "time-to-refer",
        "referred",
        "segments",
        "channels",
        "funnel",
    ),
    "money": ("credit", "concentration", "quadrants", "rfm", "accounts", "without"),
    "people": ("recommenders", "chance", "influence", "prospects", "missing-sources", "integrity"),
    "structure": ("chains", "trees", "communities", "flows", "reach", "path", "common", "compare"),
    "pictures": ("draw",),
    "reports": ("report", "customer", "timeline", "changes"),
    "databases": ("load", "snapshot"),
    "help": ("catalog", "explain", "doctor", "completion"),
}
"""Sections of ``refgraph --help``; a new analysis that is not listed stands under questions."""
FIRST_COMMANDS = ("check", "effect", "recommenders", "report", "draw")
"""What ``refgraph`` alone shows."""
OLD_NAMES = {"luck": "chance", "ask-source": "missing-sources"}
"""Names before commands were renamed; they still work and are not shown."""


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
            module = import_module(f"refgraph.commands.{name}")
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


def list_groups() -> dict[str, list[str]]:
    """Group -> its commands, in order, with analyses that `GROUPS` does not list."""
    groups = {group: list(names) for group, names in GROUPS.items()}
    listed = {name for names in groups.values() for name in names}
    groups["questions"] += [name for name in analyses.NAMES if name not in listed]
    return groups


def list_summaries(names: Iterable[str]) -> list[tuple[str, str]]:
    """(command, one line about it), names padded to the same width."""
    console = get_console()
    width = max(len(name) for name in (*COMMANDS, *analyses.NAMES))
    summaries = []
    for name in names:
        text = console.look_up("summary", name, "") or console.look_up("command", name)
        summaries.append((name.ljust(width), text))
    return summaries


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
