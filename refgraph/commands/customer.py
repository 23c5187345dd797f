"""``refgraph customer ID SOURCE``: one page about one party."""

from __future__ import annotations

from typing import Any

import click

from refgraph.commands import options, output
from refgraph.commands.language import chosen
from refgraph.commands.opened import opened
from refgraph.flow.customers import customer
from refgraph.texts import lookup


@click.command("customer", help=lookup("command", "customer", chosen()))
@click.argument("id")
@options.source
@options.scope_options
@options.page_options
@options.reading_options
def command(**given: Any) -> int:
    """Write the page."""
    engine, given = opened(given)
    output.answerable(engine, given)
    output.page(customer(engine, given["id"], options.scope(given), output.draws(given)), given)
    return output.settle(engine, given)
