"""``refgraph report SOURCE``: the answers in order, as one page."""

from __future__ import annotations

from typing import Any

import click

from refgraph.commands import options, output
from refgraph.commands.language import chosen
from refgraph.commands.opened import opened
from refgraph.flow.reports import report
from refgraph.texts import lookup


@click.command("report", help=lookup("command", "report", chosen()))
@options.source
@options.scope_options
@options.page_options
@options.reading_options
def command(**given: Any) -> int:
    """Write the report."""
    engine, given = opened(given)
    output.answerable(engine, given)
    output.page(report(engine, options.scope(given), output.draws(given)), given)
    return output.settle(engine, given)
