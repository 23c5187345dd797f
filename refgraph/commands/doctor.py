"""``refgraph doctor``: versions, fonts, locale, config with its origin, caches; ``doctor neo4j://...``: a database.

What is amiss comes with its remedy.

Exit code 0 when all is well, 3 when a line is marked ``!!``: scripts can ask before they rely on an installation.
"""

from __future__ import annotations

from typing import Any

import click

from refgraph.commands import options
from refgraph.commands.language import chosen
from refgraph.errors import DataError
from refgraph.flow.doctor import findings, of_database
from refgraph.texts import LANGUAGES, lookup, say


@click.command("doctor", help=lookup("command", "doctor", chosen()))
@click.argument("uri", required=False, metavar="[neo4j://...]")
@options.connection_options
@options.option("--lang", type=click.Choice(LANGUAGES))
@options.option("--config", metavar="FILE")
@options.option("--warm", is_flag=True)
@options.option("--debug", is_flag=True)
def command(uri: str | None, lang: str | None, config: str | None, warm: bool, debug: bool, **given: Any) -> int:
    """One line a fact; with ``--warm`` compile all kernels first, with an address look at the database. Returns the exit code."""
    language, amiss = lang or chosen(), False
    for fact in of_database(uri, options.connection(given)) if uri else findings(config, warm):
        mark = "ok" if fact.good else "!!"
        click.echo(f"{mark}  {say(fact.message, language)}")
        amiss |= not fact.good
        if not fact.good:
            click.echo(f"      {say(fact.remedy, language)}" if fact.remedy else "")
    return DataError.exit_code if amiss else 0
