"""Data to stdout or a file, everything else to stderr."""

from __future__ import annotations

import os
import shutil
import sys

from refgraph import renderers
from refgraph.commands.console import get_console
from refgraph.commands.options import OutputOptions
from refgraph.commands.streams import silence_stdout
from refgraph.files import is_device, make_write_error, write_file
from refgraph.model.result import Report, Result
from refgraph.reports.markdown_files import write_markdown_files

TERMINAL_ROWS = 20


def write_page(subject: Result | Report, options: OutputOptions) -> None:
    """Write an answer: by default as a table on a terminal, as TSV in a pipe, a report as Markdown.

    A table has 20 rows unless ``--top`` is given, a data format all.
    """
    form = choose_format(options, isinstance(subject, Report))
    is_terminal = sys.stdout.isatty() and options.path is None
    top = options.top if isinstance(subject, Report) else get_row_limit(options)
    width = shutil.get_terminal_size().columns if form == "table" and is_terminal else None
    language = get_console().language
    if isinstance(subject, Report) and _has_files_beside(options, form):
        assert options.path is not None
        write_markdown_files(subject, options.path, language, top)
        return
    content = renderers.render(subject, form, language, top=top, width=width, color=is_terminal)
    write_content(content, options)


def write_content(content: bytes, options: OutputOptions) -> None:
    """Write bytes to the file that the options name, else to stdout. Raises FileError."""
    if options.path is None or _is_stdout(options.path):
        write_stdout(content)
    else:
        write_file(options.path, content)


def write_stdout(content: bytes) -> None:
    """Write bytes to stdout; a reader that has closed the pipe is no error.

    Raises FileError ``cannot-write``.
    """
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        silence_stdout()
    except OSError as error:
        silence_stdout()
        raise make_write_error("stdout", error) from error


def _is_stdout(path: str) -> bool:
    """Whether a path such as /dev/stdout is the stdout of this process."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(sys.stdout.fileno()))
    except (OSError, ValueError):
        return False


def get_row_limit(options: OutputOptions) -> int | None:
    """How many rows of an answer its page shows; None = all."""
    if options.top is not None:
        return options.top
    return TERMINAL_ROWS if choose_format(options) == "table" else None


def has_pictures(options: OutputOptions) -> bool:
    """Whether a page in the format that the options name has pictures, or has some beside it."""
    form = choose_format(options, is_report=True)
    return form in renderers.FORMATS_WITH_PICTURES or _has_files_beside(options, form)


def _has_files_beside(options: OutputOptions, form: str) -> bool:
    """Whether the page is a Markdown file, which shows pictures from a folder."""
    path = options.path
    return form == "md" and path is not None and not (is_device(path) or _is_stdout(path))


def choose_format(options: OutputOptions, is_report: bool = False) -> str:
    """The name of a format. Raises UsageError ``unknown-suffix``, ``no-pdf-page``."""
    if options.format:
        return options.format
    if options.path and not is_device(options.path):
        return renderers.find_format(options.path, is_report)
    if is_report:
        return "md"
    return "table" if sys.stdout.isatty() else "tsv"
