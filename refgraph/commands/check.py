"""``refgraph check SOURCE``: the ledger, faults by code, the mapping used, and what the data cannot answer."""

from __future__ import annotations

from typing import Any

import click

from refgraph.commands import options, output
from refgraph.commands.language import chosen
from refgraph.commands.opened import opened
from refgraph.flow.checking import check
from refgraph.texts import lookup


@click.command("check", help=lookup("command", "check", chosen()))
@options.source
@options.page_options
@options.reading_options
def command(**given: Any) -> int:
    """Write the check; exit 3 when rows were set aside."""
    engine, given = opened(given)
    output.page(check(engine), given)
    return output.settle(engine, given)
