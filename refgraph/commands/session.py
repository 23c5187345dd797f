"""A SOURCE that is open during a command, and the options as refgraph.toml completes them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from refgraph import config, pipeline, renderers
from refgraph.commands.console import get_console
from refgraph.commands.options import DatabaseOptions, OutputOptions, ReadingOptions, ScopeOptions
from refgraph.commands.output import get_row_limit, has_pictures, write_page
from refgraph.commands.output_checks import OutputKind, Paths, check_format, check_outputs
from refgraph.engines.base import Engine
from refgraph.errors import DataError, UsageError
from refgraph.files import PRIVATE_MODE, write_file
from refgraph.model.dataset import ANNOUNCED_CODES
from refgraph.model.message import Message, message
from refgraph.model.remarks import describe_remark, get_remark_code
from refgraph.model.result import Report, Result
from refgraph.model.scope import Scope
from refgraph.model.settings import OptionDefaults
from refgraph.pipeline.cell_proposals import propose_declarations
from refgraph.pipeline.databases import is_address
from refgraph.pipeline.party_names import find_party
from refgraph.pipeline.pseudonymous import load_key
from refgraph.pipeline.unknown_words import describe_unknown_words
from refgraph.reports.report_folder import DEFAULT_FORMAT, write_report_folder
from refgraph.texts import get_label

logger = logging.getLogger(__name__)
WARNING_NOTES = ("note.most-unmatched", "note.looks-like-referrer")


@dataclass(frozen=True)
class Session:
    """The engine of a SOURCE, and the options with the defaults of its settings filled in."""

    engine: Engine
    reading: ReadingOptions
    scope_options: ScopeOptions
    output: OutputOptions

    @property
    def scope(self) -> Scope:
        """Which part of the data is analyzed. Raises UsageError ``bad-window``."""
        return self.scope_options.to_scope()

    @property
    def row_limit(self) -> int | None:
        """How many rows of an answer its page shows; None = all."""
        return get_row_limit(self.output)

    @property
    def has_pictures(self) -> bool:
        """Whether the page will show pictures."""
        return has_pictures(self.output)

    def write(self, subject: Result | Report) -> None:
        """Write an answer where and how the options say, and its warnings to stderr."""
        write_page(subject, self.output)
        _print_warnings(subject)

    def write_folder(self, report: Report, output: OutputOptions) -> None:
        """Write a report into the folder that the command line names.

        output: the options as given, for a default format is one of pages.
        """
        assert output.path is not None
        form, language = output.format or DEFAULT_FORMAT, get_console().language
        write_report_folder(report, output.path, form, language, output.top)
        _print_warnings(report)

    def find_party(self, text: str) -> str:
        """How the data name the party that a person names: as it is, or by its pseudonym."""
        return find_party(self.engine, text)

    def require_customers(self) -> None:
        """Raises DataError ``no-customers``, after reporting the rows and writing the rejects."""
        if not self.engine.summarize_source().customers:
            self.report_ledger()
            raise DataError("no-customers")

    def report_ledger(self) -> int:
        """Print how many rows were used, write the rejects; returns the exit code of the command.

        The rows are printed if any were rejected, skipped or repaired, with the reasons, or with
        ``--verbose``. The code is 3 if any were rejected, unless ``--allow-rejects`` is given.
        """
        summary, console = self.engine.summarize_source(), get_console()
        if self.reading.rejects:
            content = _render_rejects(self.engine.dataset().rejects, console.language)
            write_file(self.reading.rejects, content, PRIVATE_MODE)
        rejected, cells = summary.totals["rejected"], summary.totals["cells"]
        reasons = [
            warning
            for warning in summary.warnings
            if get_remark_code(warning[0]) in ANNOUNCED_CODES
        ]
        if rejected or cells or reasons or self.output.verbose:
            totals = message("report.ledger", **summary.totals, findings=summary.findings)
            console.print_message(totals)
        if cells:
            console.print_message(message("report.cells", cells=cells))
        if rejected or cells:
            data = self.engine.dataset()
            for sentence in (*describe_unknown_words(data), *propose_declarations(data)):
                console.print_message(sentence)
        for code, rows in reasons:
            console.print_message(describe_remark(code, rows))
        for file in summary.ignored:
            console.print_remark(message("report.ignored", file=file))
        are_allowed = self.reading.allow_rejects or summary.settings.read.allow_rejects
        return DataError.exit_code if (rejected or cells) and not are_allowed else 0


def _render_rejects(rejects: pl.DataFrame, language: str) -> bytes:
    """The rejects as CSV, with the reason in words."""
    codes = rejects["code"].unique().to_list()
    labels = {code: get_label(code, language) for code in codes}
    return rejects.with_columns(reason=pl.col("code").replace(labels)).write_csv().encode()


def _print_warnings(subject: Result | Report) -> None:
    for warning in _list_warnings(subject):
        get_console().print_message(warning)


def _list_warnings(subject: Result | Report) -> list[Message]:
    """Notes that put the whole answer in doubt, once each; formats for data do not hold them."""
    notes = list(subject.notes)
    if isinstance(subject, Report):
        notes += [note for section in subject.sections for note in section.result.notes]
    warnings: list[Message] = []
    for note in notes:
        if note.id in WARNING_NOTES and note not in warnings:
            warnings.append(note)
    return warnings


@contextmanager
def open_session(
    reading: ReadingOptions,
    database: DatabaseOptions,
    scope: ScopeOptions,
    output: OutputOptions,
    kind: OutputKind = "table",
    more_inputs: Paths = (),
) -> Iterator[Session]:
    """Open SOURCE; it is closed at the end of the ``with`` block.

    kind, more_inputs: what is written, and what is read besides the files that the options name:
    no output may replace an input, and outputs that cannot be written are reported first.

    From here on errors, too, are in the language of the refgraph.toml that holds for SOURCE.
    Raises as `refgraph.pipeline.open_source` and `check_outputs`, and DataError for settings that
    cannot be used.
    """
    source = reading.find_source()
    console = get_console()
    _check_pseudonymize(reading, database)
    config_file = config.find_config(source, reading.config)
    console.prefer_language(config.read_language(config_file))
    logger.debug("source %s, settings %s", source, config_file)
    check_outputs(reading, database, output, kind, (config_file, *more_inputs))
    if not is_address(source):
        defaults = _load_defaults(config_file)
        check_format(output.with_defaults(defaults), kind)
    engine = pipeline.open_source(source, reading.to_source_options(database))
    try:
        defaults = engine.summarize_source().settings.options
        console.prefer_language(defaults.lang)
        _check_default_format(defaults)
        yield Session(
            engine, reading, scope.with_defaults(defaults), output.with_defaults(defaults)
        )
    finally:
        engine.close()


def _check_pseudonymize(reading: ReadingOptions, database: DatabaseOptions) -> None:
    """Raises UsageError ``pseudonymize-with`` beside an option that keeps what was read.

    Also as `load_key`.
    """
    if reading.pseudonymize is None:
        return
    load_key(reading.pseudonymize)
    if reading.rejects:
        raise UsageError("pseudonymize-with", option="--rejects")
    if database.snapshot:
        raise UsageError("pseudonymize-with", option="--snapshot")


def _load_defaults(config_file: Path | None) -> OptionDefaults:
    """Table ``[options]`` of the settings. Raises as `refgraph.config.load_settings`."""
    defaults = config.load_settings(config_file).options
    _check_default_format(defaults)
    return defaults


def _check_default_format(defaults: OptionDefaults) -> None:
    """Raises DataError ``config-word`` for a format that there is none of."""
    if defaults.format and defaults.format not in renderers.FORMATS:
        known = list(renderers.FORMATS)
        name, file = "[options] format", config.FILE_NAME
        raise DataError("config-word", file=file, name=name, value=defaults.format, known=known)
