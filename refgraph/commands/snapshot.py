"""``refgraph snapshot list|clear``: graphs of databases that are stored on this machine."""

from __future__ import annotations

import click

from refgraph.commands.console import get_console
from refgraph.commands.localized_command import LocalizedGroup
from refgraph.commands.option_families import OUTPUT, define_command
from refgraph.commands.options import OutputOptions
from refgraph.commands.output import write_page
from refgraph.commands.output_checks import check_page_output
from refgraph.model.message import message
from refgraph.pipeline.snapshots import clear_snapshots, list_snapshots
from refgraph.texts import format_message


@define_command("list", families=[OUTPUT], text=("load", "help-list"))
def list_command(output: OutputOptions) -> None:
    """Write the table of snapshots."""
    check_page_output(output)
    write_page(list_snapshots(), output)


@define_command("clear", text=("load", "help-clear"))
def clear_command() -> None:
    """Delete all snapshots and print how many there were."""
    cleared = message("load.cleared", snapshots=clear_snapshots())
    click.echo(format_message(cleared, get_console().language))


class SnapshotGroup(LocalizedGroup):
    """What can be done with the snapshots."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The names of the commands."""
        return [f"{'|'.join(self.commands)}", *super().collect_usage_pieces(ctx)[2:]]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands in one section."""
        with formatter.section(get_console().look_up("help", "commands")):
            formatter.write_dl(
                [(name, command.get_short_help_str()) for name, command in self.commands.items()]
            )


command = SnapshotGroup("snapshot", commands={"list": list_command, "clear": clear_command})
