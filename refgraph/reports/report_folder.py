"""The report as a folder: the page, and every table as a file of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from refgraph import renderers
from refgraph.errors import FileError
from refgraph.files import make_write_error
from refgraph.model.result import Report
from refgraph.reports.report import CHAPTERS
from refgraph.staging import check_folder_writable, stage_files

PAGE = "report.html"
PAGE_MARK = b'<meta name="generator" content="refgraph">'
"""The generator that every page of refgraph names."""
PAGE_HEAD_BYTES = 2_000
DEFAULT_FORMAT = "csv"


def list_report_files(folder: str | Path, format: str) -> list[Path]:
    """The files of a report: its page, then a file per chapter, named after its analysis."""
    suffixes = renderers.FORMATS[format].suffixes or renderers.FORMATS[DEFAULT_FORMAT].suffixes
    names = [PAGE, *(f"{chapter}{suffixes[0]}" for chapter in CHAPTERS)]
    return [Path(folder) / name for name in names]


def check_report_folder(folder: str | Path, format: str) -> None:
    """Raise the error now that `write_report_folder` would raise after all the work.

    That is FileError ``cannot-write``, or ``files-not-ours`` for files with the names of a report
    in a folder that holds no report of refgraph; UsageError ``unknown-format``.
    """
    renderers.check_format(format, is_report=False)
    check_folder_writable(folder)
    page, *tables = list_report_files(folder, format)
    others = [file.name for file in tables if file.exists()]
    if page.exists():
        others = [] if _is_own_page(page) else [page.name, *others]
    if others:
        raise FileError("files-not-ours", path=str(folder), files=others[:3])


def write_report_folder(
    report: Report, folder: str | Path, format: str, lang: str, top: int | None = None
) -> None:
    """Write the page as HTML and all rows of every table; top: only the first rows of each.

    The folder is created if its parent exists; other files in it stay. Either all files are
    written or none. Raises as `check_report_folder`.
    """
    check_report_folder(folder, format)
    with stage_files(folder) as staging:
        for name, content in _render_files(report, format, lang, top):
            (staging / name).write_bytes(content)


def _render_files(
    report: Report, format: str, lang: str, top: int | None
) -> Iterator[tuple[str, bytes]]:
    page, *tables = list_report_files("", format)
    yield page.name, renderers.render(report, "html", lang, top=top)
    for file, section in zip(tables, report.sections, strict=True):
        yield file.name, renderers.render(section.result, format, lang, top=top)


def _is_own_page(page: Path) -> bool:
    try:
        with page.open("rb") as stream:
            return PAGE_MARK in stream.read(PAGE_HEAD_BYTES)
    except OSError as error:
        raise make_write_error(page, error) from error
