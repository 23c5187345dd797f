"""Before the work starts: can the outputs be written, and would one of them destroy an input?"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Literal

from refgraph import config, pipeline, renderers
from refgraph.commands.options import DatabaseOptions, OutputOptions, ReadingOptions
from refgraph.commands.output import choose_format
from refgraph.errors import FileError, RefgraphError, UsageError
from refgraph.files import check_writable, is_device
from refgraph.pipeline.drawing import check_gallery_folder
from refgraph.pipeline.export import check_export_folder
from refgraph.pipeline.source_files import list_source_files
from refgraph.renderers import sqlite
from refgraph.reports.report_folder import (
    DEFAULT_FORMAT,
    check_report_folder,
    list_report_files,
)

Paths = Iterable[str | Path | None]
OutputKind = Literal["table", "report", "picture", "gallery", "report folder", "export"]
"""What a command writes to ``-o``; the last three are folders."""
NOTHING_READ, NO_DATABASE = ReadingOptions(), DatabaseOptions()


def check_outputs(
    reading: ReadingOptions,
    database: DatabaseOptions,
    output: OutputOptions,
    kind: OutputKind,
    more_inputs: Paths,
) -> None:
    """Raise now what would be raised after all the work, and refuse to destroy what is read.

    more_inputs: files that are read besides those of the options.
    Raises UsageError ``output-is-input`` (also through links), ``outputs-alike``; FileError
    ``cannot-write``, ``page-not-ours``, ``files-not-ours``, ``database-not-ours``.
    """
    targets = [("--rejects", reading.rejects)] if reading.rejects else []
    targets += [("-o", path) for path in _list_output_files(output, kind)]
    _check_targets_differ(targets)
    for flag, path in targets:
        inputs = [reading.pseudonymize, *reading.list_files(), *more_inputs]
        inputs += database.list_files()
        if os.path.isfile(path):
            inputs += _list_source_files(reading, database)
        _check_is_no_input(flag, path, inputs)
        if flag == "--rejects" or kind != "report folder":
            check_writable(path)
        _check_is_no_database_of_others(path)
    if kind == "gallery" and output.path:
        check_gallery_folder(output.path)
    if kind == "export" and output.path:
        inputs = [*reading.list_files(), *more_inputs, *_list_source_files(reading, database)]
        inputs += [reading.pseudonymize, *database.list_files()]
        _check_holds_no_input(output.path, inputs)
        check_export_folder(output.path)
    if kind == "report folder" and output.path:
        check_report_folder(output.path, output.format or DEFAULT_FORMAT)


def _list_output_files(output: OutputOptions, kind: OutputKind) -> list[str]:
    """The files that a command is going to write; not those of a gallery or an export."""
    if output.path is None or kind in ("gallery", "export"):
        return []
    if kind == "report folder":
        form = output.format or DEFAULT_FORMAT
        renderers.check_format(form, is_report=False)
        return list(map(str, list_report_files(output.path, form)))
    return [output.path]


def check_page_output(
    output: OutputOptions,
    kind: OutputKind = "table",
    reading: ReadingOptions = NOTHING_READ,
    database: DatabaseOptions = NO_DATABASE,
) -> None:
    """As `check_outputs`, for a page that needs no data; the settings file is an input of all.

    reading, database: options given although the page needs no data.
    """
    config_file = config.find_config(reading.source, reading.config)
    check_outputs(reading, database, output, kind, [config_file])
    check_format(output, kind)


def check_format(output: OutputOptions, kind: OutputKind) -> None:
    """Raises the UsageError of a format or suffix that the page cannot have.

    That is also ``binary-to-terminal``.
    """
    if kind not in ("table", "report"):
        return
    form = choose_format(output, kind == "report")
    renderers.check_format(form, kind == "report")
    if form == renderers.REPORT_FORMAT:
        return
    if renderers.FORMATS[form].is_binary and output.path is None and sys.stdout.isatty():
        raise UsageError("binary-to-terminal", format=form)


def _check_targets_differ(targets: Sequence[tuple[str, str]]) -> None:
    for (flag, path), (other_flag, other) in combinations(targets, 2):
        if flag != other_flag and _is_same_file(path, other):
            raise UsageError("outputs-alike", path=path, flags=[flag, other_flag])


def _check_is_no_input(flag: str, path: str, inputs: Paths) -> None:
    for file in inputs:
        if file and _is_same_file(path, file):
            raise UsageError("output-is-input", path=path, flag=flag, file=str(file))


def _check_holds_no_input(folder: str, inputs: Paths) -> None:
    """Raises UsageError ``output-is-input`` for a folder that is read and would be replaced."""
    for file in inputs:
        if file and _is_same_file(folder, os.path.dirname(os.path.realpath(file))):
            raise UsageError("output-is-input", path=folder, flag="-o", file=str(file))


def _check_is_no_database_of_others(path: str) -> None:
    """Raises FileError ``database-not-ours`` for a SQLite database that refgraph did not write.

    Such a file may hold tables that many programs share.
    """
    if not os.path.isfile(path):
        return
    try:
        with open(path, "rb") as stream:
            head = stream.read(sqlite.HEADER_SIZE)
    except OSError:
        return
    if not sqlite.is_own_database(head):
        raise FileError("database-not-ours", path=path)


def _list_source_files(reading: ReadingOptions, database: DatabaseOptions) -> list[Path]:
    """The files of SOURCE; none if they cannot be listed, which reading them will report."""
    try:
        source, options = reading.find_source(), reading.to_source_options(database)
        settings = pipeline.load_settings(source, options)
        return list_source_files(source, options, settings)
    except RefgraphError:
        return []


def _is_same_file(one: str | Path, other: str | Path) -> bool:
    """Whether two paths are one file, also through links; false for devices and pipes."""
    try:
        return not is_device(one) and os.path.samestat(os.stat(one), os.stat(other))
    except FileNotFoundError:
        return os.path.realpath(one) == os.path.realpath(other)
    except (OSError, ValueError):
        return False
