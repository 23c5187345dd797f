"""The table on a terminal; the one home of rich.

Where the terminal is narrow headings fold, text ends in an ellipsis, and columns at the end that have no
room are named below; numbers are never cut. Sentences are never broken, so that copying the headline gives
one line. The rows are set by ``fit``: rich's own tables need 36 µs a cell, six seconds for ten thousand
rows.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from itertools import starmap

from refgraph.model.message import message
from refgraph.model.result import Report, Result
from refgraph.renderers import fit
from refgraph.renderers.view import View

Line = tuple[str, str]
"""A line of the page and its style."""
PLAIN, STRONG, FAINT, TITLE = "", "bold", "dim", "bold underline"


def render(subject: Result | Report, view: View) -> bytes:
    """The page as UTF-8 text; escape sequences only with ``view.color`` and without NO_COLOR set."""
    page = _report(subject, view) if isinstance(subject, Report) else _result(subject, view, view.top)
    if view.color and not os.environ.get("NO_COLOR"):
        return _styled(page).encode()
    return "".join(f"{text}\n" for text, _ in page).encode()


def _styled(page: Iterator[Line]) -> str:
    from rich.console import Console
    from rich.text import Text

    file = io.StringIO()
    console = Console(file=file, force_terminal=True, color_system="standard", legacy_windows=False,
                      _environ={})  # fmt: skip
    for text, style in page:
        if style:
            console.print(Text(text, style), soft_wrap=True)
        else:
            file.write(f"{text}\n")
    return file.getvalue()


def _report(report: Report, view: View) -> Iterator[Line]:
    yield view.say(report.title), TITLE
    for section in report.sections:
        yield "", PLAIN
        if caption := view.caption(section):
            yield caption, TITLE
        yield from _result(section.result, view, view.rows(section))
    for place, note in enumerate(report.notes):
        if place == 0:
            yield "", PLAIN
        yield view.say(note), FAINT


def _result(result: Result, view: View, rows: int | None) -> Iterator[Line]:
    shown, rest = view.cut(result, rows)
    headings = [view.heading(column) for column in shown.columns]
    units = [column.unit for column in shown.columns]
    columns = list(starmap(fit.Measured, zip(headings, units, view.columns(shown), strict=True)))
    kept = fit.chosen(columns, [column.detail for column in shown.columns], view.width)
    columns = [columns[i] for i in kept]
    widths = fit.fit(columns, view.width)
    yield view.say(result.headline), STRONG
    yield "", PLAIN
    yield from _table(columns[: len(widths)], widths)
    seen = set(kept[: len(widths)])
    hidden = [heading for i, heading in enumerate(headings) if i not in seen]
    without_room = view.say(message("note.columns-hidden", columns=hidden, n=len(hidden))) if hidden else ""
    below = (rest, *map(view.say, result.notes), without_room)
    yield from ((sentence, FAINT) for sentence in below if sentence)


def _table(columns: list[fit.Measured], widths: list[int]) -> Iterator[Line]:
    yield from ((line, STRONG) for line in fit.head(columns, widths))
    yield "─" * fit.total(widths), FAINT
    yield from ((line, PLAIN) for line in fit.body(columns, widths))
