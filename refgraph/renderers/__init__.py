"""RESULT -> PAGE: an answer, or a report of several, as the bytes of one format.

A format is one line of `FORMATS` and one module with ``render(subject, view) -> bytes``; the module is
imported when its format is asked for. Data formats (csv, tsv, json, ndjson) hold raw values under names
that are never translated; pages for people (table, md, html) speak the reader's language. Pages and pictures
(xlsx, svg, png, pdf) join the list when they come.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from refgraph.errors import UsageError
from refgraph.model.result import Report, Result
from refgraph.renderers.view import View


class Format(NamedTuple):
    """module: file of this room. suffixes: of its files. reports: whether it can hold several results."""

    module: str
    suffixes: tuple[str, ...]
    reports: bool


FORMATS: dict[str, Format] = {
    "table": Format("table", (".txt",), True),
    "csv": Format("delimited", (".csv",), False),
    "csv-excel": Format("delimited", (), False),
    "tsv": Format("delimited", (".tsv",), False),
    "json": Format("json", (".json",), True),
    "ndjson": Format("ndjson", (".ndjson", ".jsonl"), False),
    "md": Format("markdown", (".md",), True),
    "html": Format("html", (".html", ".htm"), True),
}

DRAWING = frozenset({"html"})
"""Formats that show the pictures of a report; the others hold its tables."""


def render(
    subject: Result | Report, format: str, lang: str, *, top: int | None = None, width: int | None = None,
    color: bool = False,
) -> bytes:  # fmt: skip
    """The answer as a page or data file, UTF-8, the same bytes for the same answer.

    format: a name of `FORMATS`. lang: ``en`` or ``zh``. top: first rows only, None = all; a section of a
    report that sets its own number of rows keeps it on pages. width: columns of the terminal, None = as
    wide as needed. color: terminal colours (table only; an environment with NO_COLOR set has none). Raises
    UsageError ``unknown-format``, ``format-holds-no-report``.
    """
    if format not in FORMATS:
        raise UsageError("unknown-format", format=format, known=list(FORMATS))
    if isinstance(subject, Report) and not FORMATS[format].reports:
        known = [name for name, one in FORMATS.items() if one.reports]
        raise UsageError("format-holds-no-report", format=format, known=known)
    module = import_module(f"{__name__}.{FORMATS[format].module}")
    page: bytes = module.render(subject, View(format, lang, top, width, color))
    return page


def format_of(path: str | Path) -> str:
    """The format that a file name asks for by its suffix. Raises UsageError ``unknown-suffix``."""
    suffix = Path(path).suffix.lower()
    for name, format in FORMATS.items():
        if suffix in format.suffixes:
            return name
    known = [known for format in FORMATS.values() for known in format.suffixes]
    raise UsageError("unknown-suffix", path=str(path), known=known)
