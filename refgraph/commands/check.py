"""``refgraph check SOURCE``: rows read, faults, columns found, what cannot be answered."""

from __future__ import annotations

from refgraph.commands.option_families import DATABASE, OUTPUT, READING, define_command
from refgraph.commands.options import DatabaseOptions, OutputOptions, ReadingOptions, ScopeOptions
from refgraph.commands.session import open_session
from refgraph.reports.check import check


@define_command("check", families=[OUTPUT, READING, DATABASE])
def command(output: OutputOptions, reading: ReadingOptions, database: DatabaseOptions) -> int:
    """Write the check; exit code 3 if rows were rejected."""
    with open_session(reading, database, ScopeOptions(), output, "report") as session:
        session.write(check(session.engine))
        return session.report_ledger()
