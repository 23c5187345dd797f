"""``refgraph report SOURCE``: the main answers in order, as one page."""

from __future__ import annotations

from refgraph.commands.option_families import ALL_FAMILIES, define_command
from refgraph.commands.options import DatabaseOptions, OutputOptions, ReadingOptions, ScopeOptions
from refgraph.commands.session import open_session
from refgraph.reports.report import build_report


@define_command("report", families=ALL_FAMILIES)
def command(
    scope: ScopeOptions, output: OutputOptions, reading: ReadingOptions, database: DatabaseOptions
) -> int:
    """Write the report."""
    with open_session(reading, database, scope, output, "report") as session:
        session.require_customers()
        session.write(build_report(session.engine, session.scope, session.has_pictures))
        return session.report_ledger()
