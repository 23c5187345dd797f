"""``refgraph init SOURCE``: write a refgraph.toml that says how the files are read, and why."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from refgraph import config
from refgraph.commands.console import get_console
from refgraph.commands.localized_option import LocalizedOption
from refgraph.commands.option_families import OUTPUT, READING, define_command
from refgraph.commands.options import OutputOptions, ReadingOptions
from refgraph.commands.output_checks import NO_DATABASE, check_outputs
from refgraph.engines import is_address
from refgraph.errors import FileError, UsageError
from refgraph.files import is_device, write_file
from refgraph.model.fields import TABLE_NAMES
from refgraph.model.message import Message, message
from refgraph.model.settings_proposal import ProposedLine, SettingsProposal
from refgraph.pipeline.settings_proposals import propose_settings
from refgraph.pipeline.settings_text import write_settings
from refgraph.sources.options import parse_header_rows

_LEFT_OUT = ("config", "pseudonymize", "allow_rejects", "rejects", "pseudonymize")
_TEXTS = ("encoding", "delimiter", "input_format", "duplicates")
_FLAGS = (
    *("loose_numbers", "trim", "strict", "no_referrals", "repair_ids", "same_order_once"),
    "sensitive",
)
_FILES = (*TABLE_NAMES, "customers_patch", "matches")
_FAMILY = READING.select(*(str(p.name) for p in READING.parameters if p.name not in _LEFT_OUT))


@define_command(
    "init",
    LocalizedOption("--force", command="init", is_flag=True),
    families=[_FAMILY, OUTPUT.select("output")],
)
def command(force: bool, reading: ReadingOptions, output: OutputOptions) -> None:
    """Write the file and a summary.

    Raises FileError ``settings-there`` for a file that is there, UsageError ``init-of-database``,
    and after writing the fault that still keeps the data from being read.
    """
    source = reading.find_source()
    if is_address(source):
        raise UsageError("init-of-database", uri=source)
    path = None if output.output == "-" else output.output or str(_find_place(source))
    if path is not None:
        if os.path.lexists(path) and not is_device(path) and not force:
            raise FileError("settings-there", path=path)
        check_outputs(reading, NO_DATABASE, replace(output, output=path), "table", ())
    proposal = propose_settings(source, reading.to_source_options(NO_DATABASE))
    proposal = _add_given_options(proposal, reading, Path(path).parent if path else Path("."))
    text = write_settings(proposal, get_console().language)
    if path is None:
        click.echo(text, nl=False)
    else:
        write_file(path, text.encode())
        get_console().print_message(_describe(proposal, path))
        for line in proposal.open_lines:
            if line.key == "matches":
                for sentence in line.why:
                    get_console().print_message(sentence)
    if proposal.fault is not None:
        raise proposal.fault


def _find_place(source: str | None) -> Path:
    """Where refgraph looks for the settings of a SOURCE."""
    path = Path(source or ".")
    return (path if path.is_dir() else path.parent) / config.FILE_NAME


def _add_given_options(
    proposal: SettingsProposal, reading: ReadingOptions, folder: Path
) -> SettingsProposal:
    """The proposal with what the options said, in place of what was found for the same keys."""
    given = list(_list_given(reading, folder))
    keys = {(line.table, line.key) for line in given}
    lines = [line for line in proposal.lines if (line.table, line.key) not in keys]
    return replace(proposal, lines=[*given, *lines])


def _list_given(reading: ReadingOptions, folder: Path) -> Iterator[ProposedLine]:
    """The options of reading that were given, as lines of refgraph.toml."""
    for name in _FILES:
        files = [os.path.relpath(file, folder) for file in getattr(reading, name)]
        if files:
            yield ProposedLine(table="read", key=name, value=files, is_on=True)
    for name in (*_TEXTS, *_FLAGS):
        if getattr(reading, name):
            yield ProposedLine(table="read", key=name, value=getattr(reading, name), is_on=True)
    for name in ("sheet", "fill_down"):
        if getattr(reading, name):
            yield ProposedLine(table="read", key=name, value=getattr(reading, name), is_on=True)
    rows = parse_header_rows(reading.header_row)
    if rows:
        value = rows[""] if list(rows) == [""] else rows
        yield ProposedLine(table="read", key="header_row", value=value, is_on=True)
    if reading.currency:
        yield ProposedLine(table="currency", key="use", value=reading.currency, is_on=True)
    for name in ("date_format", "decimal"):
        yield from _list_declarations(name, getattr(reading, name))


def _list_declarations(name: str, declared: tuple[str, ...]) -> Iterator[ProposedLine]:
    """``--date-format`` or ``--decimal``: for all columns under ``[read]``, else by column."""
    by_column: dict[str, list[str]] = {}
    for text in declared:
        target, sign, form = text.partition("=")
        is_column = bool(sign) and "." in target
        by_column.setdefault(target if is_column else "", []).append(form if is_column else text)
    for column, forms in by_column.items():
        table, key = (name, column) if column else ("read", name)
        yield ProposedLine(table=table, key=key, value=forms, is_on=True)


def _describe(proposal: SettingsProposal, path: str) -> Message:
    """What was written."""
    known = sum(c.kind == "known" for file in proposal.files for c in file.columns)
    return message(
        "init.written",
        path=path,
        source=proposal.source,
        known=known,
        guesses=len(proposal.guesses),
        open=len(proposal.open_lines),
    )
