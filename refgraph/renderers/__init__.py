"""RESULT -> PAGE: an answer, or a report of several, as the bytes of one format.

A format is one line of `FORMATS` and one module with ``render(subject, view) -> bytes``, which is
imported when its format is asked for. Data formats (csv, tsv, json, ndjson, parquet, sqlite) hold
raw values under names that are never translated; pages for people (table, md, html, xlsx, and the
headers of csv-excel) are in the reader's language.
Pictures (svg, png, pdf, pptx) are made by `refgraph.renderers.pictures`.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from refgraph.errors import UsageError
from refgraph.model.result import Report, Result
from refgraph.renderers.view import View


class Format(NamedTuple):
    """module: in this package. suffixes: of its files. reports: can hold several results.

    is_binary: whether a terminal cannot show it.
    """

    module: str
    suffixes: tuple[str, ...]
    reports: bool
    is_binary: bool = False


FORMATS: dict[str, Format] = {
    "table": Format("table", (".txt",), True),
    "csv": Format("delimited", (".csv",), False),
    "csv-excel": Format("delimited", (), False),
    "tsv": Format("delimited", (".tsv",), False),
    "json": Format("json", (".json",), True),
    "ndjson": Format("ndjson", (".ndjson", ".jsonl"), False),
    "md": Format("markdown", (".md",), True),
    "html": Format("html", (".html", ".htm"), True),
    "xlsx": Format("workbook", (".xlsx",), True, is_binary=True),
    "parquet": Format("parquet", (".parquet",), False, is_binary=True),
    "sqlite": Format("sqlite", (".sqlite", ".sqlite3", ".db"), True, is_binary=True),
}

REPORT_FORMAT, REPORT_SUFFIX = "pdf", ".pdf"
"""What only a report is written as: pages of an answer alone are left to the browser."""
FORMATS_WITH_PICTURES = frozenset({"html", "xlsx", REPORT_FORMAT})
"""Formats that show the pictures of a report; the others hold its tables."""


def render(
    subject: Result | Report,
    format: str,
    lang: str,
    *,
    top: int | None = None,
    width: int | None = None,
    color: bool = False,
) -> bytes:
    """The answer as a page or data file, text as UTF-8; the same bytes for the same answer.

    format: a name of `FORMATS`, or ``pdf`` for a report. lang: ``en`` or ``zh``. top: first rows
    only, None = all; a section of a report that sets its own number of rows keeps it on pages.
    width: columns of the terminal, None = as wide as needed. color: whether a terminal table has
    styles. Raises UsageError ``missing-extra``,
    ``unknown-format``, ``format-holds-no-report``, ``bad-word`` for an unknown language,
    ``not-an-integer``, ``out-of-range``, and
    ``too-many-rows`` for more rows than a sheet can hold.
    """
    check_format(format, isinstance(subject, Report))
    name = "report_pdf" if format == REPORT_FORMAT else FORMATS[format].module
    module = import_module(f"{__name__}.{name}")
    view = View(format=format, lang=lang, top=top, width=width, color=color)
    page: bytes = module.render(subject, view)
    return page


def check_format(format: str, is_report: bool) -> None:
    """Raises UsageError ``unknown-format``, ``format-holds-no-report``, ``missing-extra``."""
    if is_report and format == REPORT_FORMAT:
        import_module(f"{__name__}.report_pdf").check_installed()
        return
    if not isinstance(format, str) or format not in FORMATS:
        raise UsageError("unknown-format", format=format, known=list(FORMATS))
    if is_report and not FORMATS[format].reports:
        known = [name for name, known_format in FORMATS.items() if known_format.reports]
        raise UsageError("format-holds-no-report", format=format, known=known)


def find_format(path: str | Path, is_report: bool = False) -> str:
    """The format of a file by its suffix.

    is_report: whether it shall hold several results. Raises UsageError ``unknown-suffix``,
    ``no-pdf-page``.
    """
    suffix = Path(path).suffix.lower()
    if is_report and suffix == REPORT_SUFFIX:
        return REPORT_FORMAT
    for name, format in FORMATS.items():
        if suffix in format.suffixes:
            return name
    usable = [format for format in FORMATS.values() if format.reports or not is_report]
    known = [suffix for format in usable for suffix in format.suffixes]
    if is_report:
        known.append(REPORT_SUFFIX)
    if suffix == REPORT_SUFFIX:
        raise UsageError("no-pdf-page", path=str(path))
    raise UsageError("unknown-suffix", path=str(path), known=known)
