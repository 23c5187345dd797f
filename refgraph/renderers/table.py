"""The table on a terminal.

On a narrow terminal headings fold, text ends in an ellipsis, and columns at the end for which there
is no room are named below the table; numbers are never cut. Sentences are never broken, so that
copying the headline gives one line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from refgraph.model.message import message
from refgraph.model.result import Report, Result
from refgraph.renderers import ansi, column_widths
from refgraph.renderers.column_widths import MeasuredColumn
from refgraph.renderers.view import View

StyledLine = tuple[str, str]
"""A line of the page and its style, as in `ansi`."""
BLANK_LINE: StyledLine = ("", ansi.PLAIN)


def render(subject: Result | Report, view: View) -> bytes:
    """The page as UTF-8 text; escape sequences only with ``view.color`` and without NO_COLOR."""
    if isinstance(subject, Report):
        lines = _format_report(subject, view)
    else:
        lines = _format_result(subject, view, view.top)
    if view.color and not ansi.is_color_forbidden():
        return "".join(f"{ansi.style_text(text, style)}\n" for text, style in lines).encode()
    return "".join(f"{text}\n" for text, _ in lines).encode()


def _format_report(report: Report, view: View) -> Iterator[StyledLine]:
    yield view.say(report.title), ansi.BOLD_UNDERLINED
    if report.verdict:
        yield from _style_lines([view.say(report.verdict)], ansi.BOLD)
    for section in report.sections:
        yield BLANK_LINE
        caption = view.caption(section)
        if caption:
            yield caption, ansi.BOLD_UNDERLINED
        yield from _format_result(section.result, view, view.row_limit(section))
    if report.notes:
        yield BLANK_LINE
        yield from _style_lines(map(view.say, report.notes), ansi.FAINT)


def _format_result(result: Result, view: View, row_limit: int | None) -> Iterator[StyledLine]:
    shown, more_rows = view.take_rows(result, row_limit)
    columns = _measure_columns(shown, view)
    indices = column_widths.select_columns(
        columns, [column.detail for column in shown.columns], view.width
    )
    selected = [columns[i] for i in indices]
    widths = column_widths.fit_columns(selected, view.width)
    yield view.say(result.headline), ansi.BOLD
    yield BLANK_LINE
    yield from _format_table(selected[: len(widths)], widths)
    visible = set(indices[: len(widths)])
    hidden = [column.heading for i, column in enumerate(columns) if i not in visible]
    sentences = [more_rows, *map(view.say, result.notes)]
    if hidden:
        sentences.append(view.say(message("note.columns-hidden", columns=hidden, n=len(hidden))))
    yield from _style_lines(filter(None, sentences), ansi.FAINT)


def _measure_columns(result: Result, view: View) -> list[MeasuredColumn]:
    return [
        MeasuredColumn(view.heading(column), column.unit, cells)
        for column, cells in zip(result.columns, view.format_columns(result), strict=True)
    ]


def _format_table(columns: Sequence[MeasuredColumn], widths: list[int]) -> Iterator[StyledLine]:
    yield from _style_lines(column_widths.format_heading_lines(columns, widths), ansi.BOLD)
    yield "─" * column_widths.compute_table_width(widths), ansi.FAINT
    yield from _style_lines(column_widths.format_body_lines(columns, widths), ansi.PLAIN)


def _style_lines(lines: Iterable[str], style: str) -> Iterator[StyledLine]:
    return ((line, style) for line in lines)
