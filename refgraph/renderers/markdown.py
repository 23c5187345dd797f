"""Markdown with pipe tables, for a wiki, a mail or a merge request.

Whatever is in the data is text: characters that Markdown or HTML would act on are escaped, so that
no name can bring in a link, a picture, a formula, a tag or a cell of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from refgraph.model.result import Report, Result
from refgraph.renderers.cells import NUMERIC_UNITS
from refgraph.renderers.view import View

_INLINE_MARKUP = re.compile(r"[\\`*_\[\]|~$]")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_BLOCK_START = re.compile(r"^([#+=-]|\d+(?=[.)](?:\s|$)))")
_CLOSING_HASHES = re.compile(r"#(?=#*$)")


PictureLink = tuple[int | None, str, str]
"""The section of a picture, None for the first page, its caption, and its escaped address."""


def render(subject: Result | Report, view: View, pictures: Sequence[PictureLink] = ()) -> bytes:
    """UTF-8, LF. A result: headline, table, notes; a report: the same per section.

    pictures: of a report, each before the table of its section.
    """
    if isinstance(subject, Report):
        blocks = _format_report(subject, view, pictures)
    else:
        blocks = _format_result(subject, view, view.top)
    return ("\n\n".join(filter(None, blocks)) + "\n").encode()


def escape_text(text: str) -> str:
    """A cleaned text in which everything that Markdown or HTML acts on in a line is literal."""
    return _INLINE_MARKUP.sub(r"\\\g<0>", text.translate(_ENTITIES)).strip()


def escape_paragraph(text: str) -> str:
    """As `escape_text`; also nothing at its start can make a heading, a list or a rule."""
    return _BLOCK_START.sub(_escape_block_start, escape_text(text))


def _escape_block_start(match: re.Match[str]) -> str:
    """A backslash before a mark, or behind the number of a list."""
    start = match[0]
    return start + "\\" if start.isdigit() else "\\" + start


def format_heading(level: str, text: str) -> str:
    """As `escape_text`, behind ``level`` (# or ##); number signs at the end stay."""
    return f"{level} " + _CLOSING_HASHES.sub(r"\\#", escape_text(text))


def _format_report(report: Report, view: View, pictures: Sequence[PictureLink]) -> list[str]:
    verdict = escape_paragraph(view.say(report.verdict)) if report.verdict else ""
    blocks = [format_heading("#", view.say(report.title)), verdict, *_show_pictures(pictures, None)]
    earlier: set[str] = set()
    for number, section in enumerate(report.sections):
        caption = view.caption(section)
        if caption:
            blocks.append(format_heading("##", caption))
        blocks += _show_pictures(pictures, number)
        blocks += _format_result(section.result, view, view.row_limit(section), earlier)
    if report.notes:
        blocks += ["---", _format_notes(report, view)]
    return blocks


def _show_pictures(pictures: Sequence[PictureLink], section: int | None) -> list[str]:
    return [
        f"![{escape_text(caption)}]({address})"
        for number, caption, address in pictures
        if number == section
    ]


def _format_result(
    result: Result, view: View, row_limit: int | None, earlier: set[str] | None = None
) -> list[str]:
    """earlier: notes of earlier sections, which are not repeated; those of this one are added."""
    shown, more_rows = view.take_rows(result, row_limit)
    return [
        escape_paragraph(view.say(result.headline)),
        _format_table(shown, view),
        escape_paragraph(more_rows),
        _format_notes(result, view, earlier),
    ]


def _format_table(result: Result, view: View) -> str:
    headings = [escape_text(view.heading(column)) for column in result.columns]
    rule = ["---:" if column.unit in NUMERIC_UNITS else "---" for column in result.columns]
    columns = [list(map(escape_text, cells)) for cells in view.format_columns(result)]
    rows = (headings, rule, *zip(*columns, strict=True))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _format_notes(subject: Result | Report, view: View, earlier: set[str] | None = None) -> str:
    earlier = set() if earlier is None else earlier
    notes = [view.say(note) for note in subject.notes]
    new = [note for note in dict.fromkeys(notes) if note not in earlier]
    earlier.update(new)
    return "\n".join("- " + escape_paragraph(note) for note in new)
