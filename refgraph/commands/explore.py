"""``refgraph explore SOURCE -o FILE.html``: all parties in one page to search, zoom and filter."""

from __future__ import annotations

from pathlib import Path

from refgraph.commands.console import get_console
from refgraph.commands.option_families import DATABASE, OUTPUT, READING, SCOPE, define_command
from refgraph.commands.options import DatabaseOptions, OutputOptions, ReadingOptions, ScopeOptions
from refgraph.commands.output import write_content
from refgraph.commands.session import open_session
from refgraph.errors import UsageError
from refgraph.pipeline.exploring import build_explorer

SUFFIXES = (".html", ".htm")


@define_command("explore", families=[SCOPE, OUTPUT.select("output", "verbose"), READING, DATABASE])
def command(
    scope: ScopeOptions, output: OutputOptions, reading: ReadingOptions, database: DatabaseOptions
) -> int:
    """Write the page; without ``-o`` it goes to stdout."""
    if output.path is not None and Path(output.path).suffix.lower() not in SUFFIXES:
        raise UsageError("unknown-suffix", path=str(output.path), known=list(SUFFIXES))
    with open_session(reading, database, scope, output, kind="picture") as session:
        session.require_customers()
        page = build_explorer(session.engine, get_console().language, session.scope)
        write_content(page, session.output)
        return session.report_ledger()
