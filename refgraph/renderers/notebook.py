"""A Result as HTML for a notebook: headline, first rows, notes; escaped, without script."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from refgraph.model.message import Message
from refgraph.model.result import Report, Result
from refgraph.renderers.cells import NUMERIC_UNITS
from refgraph.renderers.view import LANGUAGE_TAGS, View

MAX_ROWS = 20
_RIGHT_ALIGNED = ' style="text-align:right"'


def render_notebook(result: Result, lang: str, rows: int | None = MAX_ROWS) -> str:
    """HTML of one ``div``. lang: ``en`` or ``zh``. rows: further ones are only counted."""
    view = View(format="html", lang=lang, top=rows, for_python=True)
    shown, more_rows = view.take_rows(result, rows)
    parts = [
        f'<div class="refgraph" lang="{LANGUAGE_TAGS[lang]}">',
        f"<p><b>{escape(view.say(result.headline))}</b></p>",
        _format_table(shown, view),
    ]
    if more_rows:
        parts.append(f"<p>{escape(more_rows)}</p>")
    parts += [_format_notes(result.notes, view), "</div>"]
    return "\n".join(filter(None, parts))


def render_report(report: Report, lang: str, rows: int | None = MAX_ROWS) -> str:
    """HTML of one ``div`` with a ``div`` per section. rows: of sections that do not say."""
    view = View(format="html", lang=lang, top=rows, for_python=True)
    parts = [
        f'<div class="refgraph" lang="{LANGUAGE_TAGS[lang]}">',
        f"<p><b>{escape(view.say(report.title))}</b></p>",
    ]
    for section in report.sections:
        caption = view.caption(section)
        parts.append(f"<p><b>{escape(caption)}</b></p>" if caption else "")
        parts.append(render_notebook(section.result, lang, view.row_limit(section)))
    parts += [_format_notes(report.notes, view), "</div>"]
    return "\n".join(filter(None, parts))


def _format_notes(notes: Sequence[Message], view: View) -> str:
    items = "".join(f"<li>{escape(view.say(note))}</li>" for note in notes)
    return f"<ul>{items}</ul>" if items else ""


def _format_table(result: Result, view: View) -> str:
    styles = [_RIGHT_ALIGNED if column.unit in NUMERIC_UNITS else "" for column in result.columns]
    headings = [view.heading(column) for column in result.columns]
    rows = zip(*view.format_columns(result), strict=True)
    head = _format_row("th", headings, styles)
    body = "".join(_format_row("td", row, styles) + "\n" for row in rows)
    return f"<table>\n<thead>{head}</thead>\n<tbody>\n{body}</tbody>\n</table>"


def _format_row(tag: str, cells: Sequence[str], styles: Sequence[str]) -> str:
    elements = (
        f"<{tag}{style}>{escape(cell)}</{tag}>" for cell, style in zip(cells, styles, strict=True)
    )
    return f"<tr>{''.join(elements)}</tr>"
