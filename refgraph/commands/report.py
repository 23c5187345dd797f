"""``refgraph report SOURCE``: the main answers in order, as one page or as a folder of tables."""

from __future__ import annotations

from refgraph.commands.option_families import ALL_FAMILIES, define_command
from refgraph.commands.options import DatabaseOptions, OutputOptions, ReadingOptions, ScopeOptions
from refgraph.commands.output_checks import OutputKind
from refgraph.commands.session import open_session
from refgraph.reports.report import build_report


@define_command("report", families=ALL_FAMILIES)
def command(
    scope: ScopeOptions, output: OutputOptions, reading: ReadingOptions, database: DatabaseOptions
) -> int:
    """Write the report; ``-o FOLDER/`` writes the page and every table of it."""
    kind: OutputKind = "report folder" if output.is_folder else "report"
    with open_session(reading, database, scope, output, kind) as session:
        session.require_customers()
        has_pictures = output.is_folder or session.has_pictures
        report = build_report(session.engine, session.scope, has_pictures)
        if output.is_folder:
            session.write_folder(report, output)
        else:
            session.write(report)
        return session.report_ledger()
