"""``refgraph match SOURCE``: names that match no customer, and candidates to confirm."""

from __future__ import annotations

import os

from refgraph.commands.console import get_console
from refgraph.commands.option_families import DATABASE, OUTPUT, READING, define_command
from refgraph.commands.options import DatabaseOptions, OutputOptions, ReadingOptions, ScopeOptions
from refgraph.commands.output import choose_format, write_content
from refgraph.commands.session import open_session
from refgraph.errors import UsageError
from refgraph.files import is_device
from refgraph.pipeline.matching import count_decisions, propose_matches
from refgraph.renderers.match_file import render_match_file

_FILE_FORMATS = ("csv", "csv-excel")
"""Formats in which the proposals are a file to edit."""


@define_command("match", families=[OUTPUT, READING.drop("pseudonymize"), DATABASE])
def command(output: OutputOptions, reading: ReadingOptions, database: DatabaseOptions) -> int:
    """Write the proposals; exit code 3 if rows were rejected."""
    with open_session(reading, database, ScopeOptions(), output) as session:
        _check_decisions_survive(output)
        proposals = propose_matches(session.engine)
        if choose_format(session.output) in _FILE_FORMATS:
            content = render_match_file(proposals.head(session.output.top), get_console().language)
            write_content(content, session.output)
            for sentence in (proposals.headline, *proposals.notes):
                get_console().print_remark(sentence)
        else:
            session.write(proposals)
        return session.report_ledger()


def _check_decisions_survive(output: OutputOptions) -> None:
    """Raises UsageError ``decisions-lost`` for an output that a person has filled in."""
    path = output.path
    if path is None or is_device(path) or not os.path.isfile(path):
        return
    rows = count_decisions(path)
    if rows:
        raise UsageError("decisions-lost", path=path, rows=rows)
