"""``refgraph customer ID SOURCE``: one page about one party."""

from __future__ import annotations

import click

from refgraph.commands.option_families import ALL_FAMILIES, define_command
from refgraph.commands.options import DatabaseOptions, OutputOptions, ReadingOptions, ScopeOptions
from refgraph.commands.session import open_session
from refgraph.reports.customer_page import build_customer_page


@define_command("customer", click.Argument(["id"]), families=ALL_FAMILIES)
def command(
    id: str,
    scope: ScopeOptions,
    output: OutputOptions,
    reading: ReadingOptions,
    database: DatabaseOptions,
) -> int:
    """Write the page."""
    with open_session(reading, database, scope, output, "report") as session:
        session.require_customers()
        page = build_customer_page(
            session.engine, session.find_party(id), session.scope, session.has_pictures
        )
        session.write(page)
        return session.report_ledger()
