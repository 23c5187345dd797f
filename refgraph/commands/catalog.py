"""``refgraph catalog``: every analysis with what it answers, its columns and formulas."""

from __future__ import annotations

from typing import Any

import click

from refgraph.commands import options, output
from refgraph.commands.language import chosen
from refgraph.flow.catalog import catalog
from refgraph.texts import lookup


@click.command("catalog", help=lookup("command", "catalog", chosen()))
@options.page_options
def command(**given: Any) -> None:
    """Write the catalog."""
    output.page(catalog(output.language(given)), given)
