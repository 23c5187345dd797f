"""``refgraph unload URI``: remove everything that refgraph made in a database."""

from __future__ import annotations

import sys

import click

from refgraph.commands.console import get_console
from refgraph.commands.localized_option import LocalizedOption
from refgraph.commands.option_families import CONNECTION, define_command
from refgraph.commands.options import DatabaseOptions
from refgraph.commands.progress_bar import show_progress
from refgraph.commands.write_back import describe_progress
from refgraph.engines.write_back import UnloadPlan
from refgraph.errors import UsageError
from refgraph.model.message import message
from refgraph.pipeline.databases import open_store
from refgraph.texts import format_message


@define_command(
    "unload",
    click.Argument(["uri"], envvar="REFGRAPH_SOURCE", metavar="URI"),
    LocalizedOption("--yes", is_flag=True),
    families=[CONNECTION],
)
def command(uri: str, yes: bool, database: DatabaseOptions) -> None:
    """Show what is there, ask, remove it."""
    console = get_console()
    store = open_store(uri, database.to_connection())
    try:
        plan = store.plan_unload()
        values = _describe(plan)
        if not plan.is_empty:
            console.print_message(message("unload.goes", **values))
            _confirm(yes)
            with show_progress(describe_progress()) as progress:
                store.unload(progress)
        key = "unload.nothing" if plan.is_empty else "unload.done"
        values["uri"] = store.origin()["source"]
        click.echo(format_message(message(key, **values), console.language))
    finally:
        store.close()


def _describe(plan: UnloadPlan) -> dict[str, object]:
    return {
        "nodes": plan.nodes,
        "source": plan.source or "–",
        "runs": plan.runs or ["–"],
        "constraints": len(plan.constraints),
    }


def _confirm(is_confirmed: bool) -> None:
    """Raises UsageError ``unload-unasked`` if nobody can be asked, Abort if the answer is no."""
    if is_confirmed:
        return
    if not sys.stdin.isatty():
        raise UsageError("unload-unasked")
    click.confirm(get_console().look_up("unload", "sure"), abort=True, err=True)
