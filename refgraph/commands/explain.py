"""``refgraph explain ID``: formula, meaning, source and worked number of what refgraph reports."""

from __future__ import annotations

import click

from refgraph.commands import options
from refgraph.commands.language import chosen
from refgraph.errors import UsageError
from refgraph.model.formulas import FORMULAS
from refgraph.texts import LANGUAGES, lookup

PARTS = ("formula", "unit", "source", "worked")


@click.command("explain", help=lookup("command", "explain", chosen()))
@click.argument("id", required=False)
@options.option("--lang", type=click.Choice(LANGUAGES))
@options.option("--debug", is_flag=True)
def command(id: str | None, lang: str | None, debug: bool) -> None:
    """One formula, or the list of all."""
    language = lang or chosen()
    if id is None:
        for name in FORMULAS:
            click.echo(f"{name}\t{lookup('formula', name, language)}")
        return
    found = {name.upper(): formula for name, formula in FORMULAS.items()}.get(id.upper())
    if found is None:
        raise UsageError("unknown-formula", name=id, known=list(FORMULAS))
    click.echo(f"{found.id}  {lookup('formula', found.id, language)}")
    for part in PARTS:
        click.echo(f"  {lookup('help', part, language)}: {getattr(found, part)}")
