"""``refgraph doctor``: the installation; ``refgraph doctor neo4j://...``: a database.

Every fault comes with its remedy. Exit code 0 if all is well, 3 if a line is marked ``!!``, so that
scripts can ask before they rely on an installation.
"""

from __future__ import annotations

import click

from refgraph.commands.console import get_console
from refgraph.commands.localized_option import LocalizedOption
from refgraph.commands.option_families import GRAPH, define_command
from refgraph.commands.options import DatabaseOptions
from refgraph.errors import DataError
from refgraph.pipeline.doctor import inspect_database, inspect_installation
from refgraph.texts import format_message


@define_command(
    "doctor",
    click.Argument(["uri"], required=False, metavar="[neo4j://...]"),
    LocalizedOption("--config", metavar="FILE"),
    LocalizedOption("--warm", is_flag=True),
    families=[GRAPH],
)
def command(uri: str | None, config: str | None, warm: bool, database: DatabaseOptions) -> int:
    """Print one line per fact; with ``--warm`` compile all kernels first."""
    language = get_console().language
    if uri:
        facts = inspect_database(uri, database.to_connection(), config)
    else:
        facts = inspect_installation(config, warm)
    is_well = True
    for fact in facts:
        mark = "ok" if fact.good else "!!"
        click.echo(f"{mark}  {format_message(fact.message, language)}")
        if not fact.good:
            is_well = False
            remedy = format_message(fact.remedy, language) if fact.remedy else ""
            click.echo(f"      {remedy}".rstrip())
    return 0 if is_well else DataError.exit_code
