"""``refgraph mcp SOURCE``: the questions as tools for an assistant, over stdin and stdout."""

from __future__ import annotations

from refgraph.assistant.answers import Questions
from refgraph.assistant.server import check_installed, serve
from refgraph.assistant.tools import DEFAULT_ROWS, MAX_ROWS
from refgraph.commands.console import get_console
from refgraph.commands.localized_option import LocalizedOption
from refgraph.commands.option_families import DATABASE, OUTPUT, READING, SCOPE, define_command
from refgraph.commands.options import DatabaseOptions, OutputOptions, ReadingOptions, ScopeOptions
from refgraph.commands.parameter_types import NumberType
from refgraph.commands.session import open_session
from refgraph.model.parameter_values import Limits


@define_command(
    "mcp",
    LocalizedOption(
        "--top",
        command="mcp",
        type=NumberType(int, Limits(1, MAX_ROWS)),
        default=DEFAULT_ROWS,
        show_default=True,
        metavar="N",
    ),
    families=(SCOPE, OUTPUT.select("verbose"), READING, DATABASE),
)
def command(
    top: int,
    scope: ScopeOptions,
    output: OutputOptions,
    reading: ReadingOptions,
    database: DatabaseOptions,
) -> None:
    """Serve until stdin ends; remarks on the rows go to stderr before the first question."""
    check_installed()
    with open_session(reading, database, scope, output) as session:
        session.require_customers()
        session.report_ledger()
        serve(Questions(session.engine, session.scope, get_console().language, top))
