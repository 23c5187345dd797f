"""Markdown with pipe tables, for a wiki, a mail or a merge request.

Whatever stands in the data is text: characters that Markdown or HTML would act on are escaped, so that no
name can bring in a link, a picture, a formula, a tag or a cell of its own.
"""

from __future__ import annotations

import re

from refgraph.model.result import Report, Result
from refgraph.renderers.cells import NUMBERS
from refgraph.renderers.view import View

_INLINE = re.compile(r"[\\`*_\[\]|~$]")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_BLOCK = re.compile(r"^([#+=-]|\d+(?=[.)](?:\s|$)))")
_CLOSING = re.compile(r"#(?=#*$)")


def render(subject: Result | Report, view: View) -> bytes:
    """UTF-8, LF. A result: headline, table, notes; a report: the same for every section under its caption."""
    if isinstance(subject, Report):
        notes = ["---", _notes(subject, view)] if subject.notes else []
        blocks = [heading("#", view.say(subject.title)), *_sections(subject, view), *notes]
    else:
        blocks = _result(subject, view, view.top)
    return ("\n\n".join(filter(None, blocks)) + "\n").encode()


def escaped(text: str) -> str:
    """A cleaned text with everything that Markdown or HTML would act on inside a line made literal."""
    return _INLINE.sub(r"\\\g<0>", text.translate(_ENTITIES)).strip()


def paragraph(text: str) -> str:
    """As `escaped`; also nothing at its start can make a heading, a list or a rule."""
    return _BLOCK.sub(lambda m: m[0] + "\\" if m[0].isdigit() else "\\" + m[0], escaped(text))


def heading(level: str, text: str) -> str:
    """As `escaped`, behind ``level``; number signs at the end stay."""
    return f"{level} " + _CLOSING.sub(r"\\#", escaped(text))


def _sections(report: Report, view: View) -> list[str]:
    blocks = []
    for section in report.sections:
        if caption := view.caption(section):
            blocks.append(heading("##", caption))
        blocks += _result(section.result, view, view.rows(section))
    return blocks


def _result(result: Result, view: View, rows: int | None) -> list[str]:
    shown, rest = view.cut(result, rows)
    return [paragraph(view.say(result.headline)), _table(shown, view), paragraph(rest), _notes(result, view)]


def _table(result: Result, view: View) -> str:
    headings = [escaped(view.heading(column)) for column in result.columns]
    rule = ["---:" if column.unit in NUMBERS else "---" for column in result.columns]
    columns = [[escaped(cell) for cell in cells] for cells in view.columns(result)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (headings, rule, *zip(*columns, strict=True)))


def _notes(subject: Result | Report, view: View) -> str:
    return "\n".join("- " + paragraph(view.say(note)) for note in subject.notes)
