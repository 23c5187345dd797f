"""The table on a terminal; the one home of rich.

Numbers stand to the right and are never cut; where the terminal is narrow headings fold, text ends in an ellipsis, ids
fold, and columns at the end that have no room are named below. Sentences are never broken, so that copying the
headline gives one line.
"""

from __future__ import annotations

import io
import os
from itertools import starmap
from typing import TYPE_CHECKING

from refgraph.model.message import message
from refgraph.model.result import Report, Result
from refgraph.model.units import Unit
from refgraph.renderers import cells
from refgraph.renderers.fit import GAP, Measured, fit
from refgraph.renderers.view import View

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table


def render(subject: Result | Report, view: View) -> bytes:
    """The page as UTF-8 text; escape sequences only with ``view.color`` and without NO_COLOR in the environment."""
    page = _report(subject, view) if isinstance(subject, Report) else _result(subject, view, view.top)
    console = _console(view.color and not os.environ.get("NO_COLOR"))
    for part in page:
        console.print(part, soft_wrap=True)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines()).encode()


def _console(color: bool) -> Console:
    from rich.console import Console

    return Console(file=io.StringIO(), color_system="standard" if color else None, force_terminal=color,
                   no_color=not color, width=80, markup=False, emoji=False, highlight=False, legacy_windows=False,
                   _environ={})  # fmt: skip


def _report(report: Report, view: View) -> list[RenderableType]:
    page = [_line(view.say(report.title), "bold underline")]
    for section in report.sections:
        page.append(_line(""))
        if caption := view.caption(section):
            page.append(_line(caption, "bold underline"))
        page += _result(section.result, view, view.rows(section))
    notes = [_line(view.say(note), "dim") for note in report.notes]
    return [*page, _line(""), *notes] if notes else page


def _result(result: Result, view: View, rows: int | None) -> list[RenderableType]:
    shown, rest = view.cut(result, rows)
    headings = [view.heading(column) for column in shown.columns]
    units = [column.unit for column in shown.columns]
    columns = list(starmap(Measured, zip(headings, units, view.columns(shown), strict=True)))
    widths = fit(columns, view.width)
    below = [rest, *map(view.say, result.notes)]
    if hidden := headings[len(widths):]:
        below.append(view.say(message("note.columns-hidden", columns=hidden, n=len(hidden))))
    return [_line(view.say(result.headline), "bold"), _line(""), _table(columns[: len(widths)], widths),
            *(_line(sentence, "dim") for sentence in below if sentence)]  # fmt: skip


def _line(sentence: str, style: str = "") -> RenderableType:
    from rich.text import Text

    return Text(sentence, style=style)


def _table(columns: list[Measured], widths: list[int]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, GAP - 1, 0, 0),
                  width=sum(widths) + GAP * (len(widths) - 1))  # fmt: skip
    for column, width in zip(columns, widths, strict=True):
        right = column.unit in cells.NUMBERS
        table.add_column(Text(column.heading, no_wrap=False, overflow="fold"), width=width, no_wrap=column.unit is not Unit.ID,
                         justify="right" if right else "left", overflow="fold" if column.unit is Unit.ID else "ellipsis")  # fmt: skip
    for row in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*map(Text, row))
    return table
