"""``refgraph catalog``: every analysis with what it answers, its columns and formulas."""

from __future__ import annotations

from typing import Any

import click

from refgraph.commands import options, output
from refgraph.flow.catalog import catalog


@click.command("catalog", help=options.lookup("command", "catalog", options.chosen()))
@options.page_options
def command(**given: Any) -> None:
    """Write the catalog."""
    output.page(catalog(output.language(given)), given)
