"""Before the work starts: can the outputs be written, and would one of them destroy an input?"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path
from typing import Literal

from refgraph import config, pipeline, renderers
from refgraph.commands.options import DatabaseOptions, OutputOptions, ReadingOptions
from refgraph.commands.output import choose_format
from refgraph.errors import RefgraphError, UsageError
from refgraph.files import check_writable, is_device
from refgraph.pipeline.drawing import check_gallery_folder
from refgraph.pipeline.source_files import list_source_files

Paths = Iterable[str | Path | None]
OutputKind = Literal["table", "report", "picture", "gallery"]
"""What a command writes to ``-o``; a gallery is a folder."""
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
    ``cannot-write``, ``page-not-ours``.
    """
    files = {"--rejects": reading.rejects, "-o": None if kind == "gallery" else output.path}
    targets = {flag: path for flag, path in files.items() if path}
    _check_targets_differ(targets)
    for flag, path in targets.items():
        inputs = [database.env_file, *reading.list_files(), *more_inputs]
        if os.path.isfile(path):
            inputs += _list_source_files(reading, database)
        _check_is_no_input(flag, path, inputs)
        check_writable(path)
    if kind == "gallery" and output.path:
        check_gallery_folder(output.path)


def check_page_output(
    output: OutputOptions,
    kind: OutputKind = "table",
    reading: ReadingOptions = NOTHING_READ,
    database: DatabaseOptions = NO_DATABASE,
) -> None:
    """As `check_outputs`, for a page that needs no data; the settings file is an input of all.

    reading, database: what was given all the same.
    """
    config_file = config.find_config(reading.source, reading.config)
    check_outputs(reading, database, output, kind, [config_file])
    check_format(output, kind)


def check_format(output: OutputOptions, kind: OutputKind) -> None:
    """Raises the UsageError of a format or suffix that the page cannot have."""
    if kind in ("table", "report"):
        renderers.check_format(choose_format(output, kind == "report"), kind == "report")


def _check_targets_differ(targets: Mapping[str, str]) -> None:
    for (flag, path), (other_flag, other) in combinations(targets.items(), 2):
        if _is_same_file(path, other):
            raise UsageError("outputs-alike", path=path, flags=[flag, other_flag])


def _check_is_no_input(flag: str, path: str, inputs: Paths) -> None:
    for file in inputs:
        if file and _is_same_file(path, file):
            raise UsageError("output-is-input", path=path, flag=flag, file=str(file))


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
