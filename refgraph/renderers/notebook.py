"""A Result as a piece of HTML for a notebook: headline, the first rows, notes; everything escaped, no script, no style sheet."""

from __future__ import annotations

from html import escape

from refgraph.model.result import Result
from refgraph.renderers.cells import NUMBERS
from refgraph.renderers.view import View

ROWS = 20
_RIGHT = ' style="text-align:right"'


def notebook(result: Result, lang: str) -> str:
    """HTML of one ``div``. lang: ``en`` or ``zh``. Rows beyond the first 20 are counted in a line below the table."""
    view = View("html", lang, ROWS)
    shown, rest = view.cut(result, ROWS)
    notes = "".join(f"<li>{escape(view.say(note))}</li>" for note in result.notes)
    return "\n".join(filter(None, [
        f'<div class="refgraph" lang="{"zh-Hans" if lang == "zh" else lang}">',
        f"<p><b>{escape(view.say(result.headline))}</b></p>",
        _table(shown, view),
        f"<p>{escape(rest)}</p>" if rest else "",
        f"<ul>{notes}</ul>" if notes else "",
        "</div>",
    ]))  # fmt: skip


def _table(result: Result, view: View) -> str:
    sides = [_RIGHT if column.unit in NUMBERS else "" for column in result.columns]
    head = "".join(f"<th{side}>{escape(view.heading(c))}</th>" for c, side in zip(result.columns, sides, strict=True))
    columns = [[f"<td{side}>{escape(cell)}</td>" for cell in cells]
               for cells, side in zip(view.columns(result), sides, strict=True)]  # fmt: skip
    body = "".join(f"<tr>{''.join(row)}</tr>\n" for row in zip(*columns, strict=True))
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>"
