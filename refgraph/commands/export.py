"""``refgraph export SOURCE -o FOLDER --to FORMAT``: the data as files for other programs."""

from __future__ import annotations

from dataclasses import replace

import click

from refgraph.commands.console import get_console
from refgraph.commands.localized_option import LocalizedOption
from refgraph.commands.option_families import DATABASE, OUTPUT, READING, define_command
from refgraph.commands.options import DatabaseOptions, OutputOptions, ReadingOptions, ScopeOptions
from refgraph.commands.parameter_types import WordType
from refgraph.commands.session import open_session
from refgraph.pipeline.databases import describe_left_out
from refgraph.pipeline.export import EXPORT_FORMATS, write_export
from refgraph.texts import format_message

FOLDER = LocalizedOption(
    "--output", "-o", "folder", command="export", metavar="FOLDER", required=True
)
TO = LocalizedOption(
    "--to", command="export", type=WordType(list(EXPORT_FORMATS)), default="csv", show_default=True
)


@define_command("export", FOLDER, TO, families=[OUTPUT.select("verbose"), READING, DATABASE])
def command(
    folder: str,
    to: str,
    output: OutputOptions,
    reading: ReadingOptions,
    database: DatabaseOptions,
) -> int:
    """Write the folder and print what it holds."""
    output = replace(output, output=folder)
    with open_session(reading, database, ScopeOptions(), output, "export") as session:
        session.require_customers()
        language = get_console().language
        written = write_export(session.engine, folder, to, language)
        click.echo(format_message(written, language))
        if to == "neo4j-import":
            for sentence in describe_left_out(session.engine.dataset()):
                get_console().print_message(sentence)
        return session.report_ledger()
