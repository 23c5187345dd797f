"""HTML: one self-contained page for a browser, a mail or a board. Nothing in it runs, nothing is fetched.

A report holds both languages, switched by radio buttons without script; a single answer speaks one. Whatever stands in the
data is text: autoescape is on, and the policy of the page allows its own style, its embedded font and nothing else. Columns
marked ``detail`` wait behind a check box; a table of one row is shown as facts.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from pathlib import PurePath
from typing import Any

from refgraph import texts
from refgraph.model.message import message
from refgraph.model.picture import Picture
from refgraph.model.result import Column, Figure, Report, Result, Section
from refgraph.model.units import Unit
from refgraph.renderers import fonts
from refgraph.renderers.cells import NUMBERS, clean
from refgraph.renderers.look import Look
from refgraph.renderers.values import plain
from refgraph.renderers.view import View

TAGS = {"en": "en", "zh": "zh-Hans"}
"""Language -> its tag in HTML."""
FACTS = 6
"""A table of one row and at least so many columns is shown as facts."""
FACE = "/*face*/"
SENTENCES = ("contents", "key-figures", "meanings", "formula", "to-top", "made-by", "language-name", "interval")
WIDE = 10
"""Columns that fit side by side on a desk; a wider table scrolls in its box."""
_DAY = re.compile(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)")
_WIDTH = re.compile(r'<svg [^>]*?\bwidth="([\d.]+)"')
MARKED = frozenset({"closed", "former"})
"""Words of a label column that are written in red: deals that closed."""


def render(subject: Result | Report, view: View) -> bytes:
    """UTF-8. The same bytes for the same answer. Raises FileError where no font is found to embed."""
    from jinja2 import Environment

    room = files("refgraph.renderers")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    environment.filters["days"] = _days
    template = environment.from_string(room.joinpath("report.html").read_text(encoding="utf-8"))
    spoken = texts.LANGUAGES if isinstance(subject, Report) else (view.lang,)
    page = template.render(
        pages=[_page(subject, replace(view, lang=lang)) for lang in spoken], lang=view.lang, tag=TAGS[view.lang], face=FACE,
        style=room.joinpath("report.css").read_text(encoding="utf-8"))  # fmt: skip
    return _with_font(page).encode("utf-8", "ignore")


def _days(text: str) -> str:
    """A text that is escaped already, its days kept on one line."""
    return _DAY.sub(r'<span class="day">\g<0></span>', str(text))


def _with_font(page: str) -> str:
    """The page with every character that it shows embedded; the first mark of the place stands before any data."""
    characters = "".join(sorted(set(page) | set(string.printable.strip())))
    return page.replace(FACE, _face(fonts.load(), characters), 1)


@lru_cache(maxsize=8)
def _face(font: fonts.Font, characters: str) -> str:
    """The embedded font; a page of the same characters takes the one that was made."""
    return fonts.face(font, [characters])


def _page(subject: Result | Report, view: View) -> dict[str, Any]:
    """Everything that one language of the page says."""
    report = isinstance(subject, Report)
    sections = subject.sections if isinstance(subject, Report) else (Section(subject),)
    first = sections[0].result if sections else None
    return {
        "lang": view.lang, "tag": TAGS[view.lang], "say": {key: texts.lookup("page", key, view.lang) for key in SENTENCES},
        "title": view.say(subject.title) if isinstance(subject, Report) else _name(subject, view),
        "figures": [_figure(f, view) for f in subject.figures] if isinstance(subject, Report) else [],
        "notes": [view.say(note) for note in subject.notes] if report else [],
        "sections": _said_once([_section(s, view, f"{view.lang}-{k}", report) for k, s in enumerate(sections, 1)]),
        "origin": list(_origin(first, view)) if first else [],
    }  # fmt: skip


def _said_once(sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A note that an earlier section has is not repeated."""
    said: set[str] = set()
    for section in sections:
        notes, section["notes"] = section["notes"], [note for note in section["notes"] if note not in said]
        said.update(notes)
    return sections


def _name(result: Result, view: View) -> str:
    """What a single answer is called: its caption, else what its command answers, else its name."""
    known = texts.lookup("caption", result.analysis, view.lang, "") or texts.lookup("command", result.analysis, view.lang, "")
    return known or clean(result.analysis)


def _figure(figure: Figure, view: View) -> dict[str, Any]:
    span = figure.span and [round(100 * min(max(x, 0.0), 1.0), 2) for x in figure.span]
    return {"title": texts.lookup("figure", figure.title, view.lang), "value": view.say(figure.value),
            "detail": view.say(figure.detail), "span": span}


def _section(section: Section, view: View, place: str, in_report: bool) -> dict[str, Any]:
    result = section.result
    shown, rest = view.cut(result, view.rows(section))
    columns = [_column(column, view) for column in shown.columns]
    lead = next((k for k, c in enumerate(shown.columns) if c.unit is Unit.TEXT and not c.detail), 0)
    if columns:
        columns[lead] |= {"lead": True, "detail": False}
    facts = shown.frame.height == 1 and len(columns) >= FACTS
    hidden = 0 if facts else sum(column["detail"] for column in columns)
    return {
        "box": "wide" if len(columns) - hidden > WIDE else "" if hidden else "fits",
        "id": place, "caption": view.caption(section) if in_report else "", "headline": view.say(result.headline),
        "columns": columns, "rows": _rows(shown, view), "facts": facts,
        "more": view.say(message("page.columns-more", columns=hidden)) if hidden else "", "rest": rest,
        "notes": [view.say(note) for note in result.notes],
        "picture": _picture(section.picture, view) if section.picture is not None else None,
    }  # fmt: skip


def _column(column: Column, view: View) -> dict[str, Any]:
    long = column.unit in (Unit.TEXT, Unit.ID, Unit.REASON)
    return {"title": view.heading(column), "meaning": clean(texts.meaning(column.text, view.lang)), "formula": column.formula,
            "number": column.unit in NUMBERS, "long": long, "detail": column.detail, "lead": False}


def _rows(result: Result, view: View) -> list[list[tuple[str, bool]]]:
    """Cells row by row, each with whether it is a deal that closed."""
    columns = []
    for column, cells in zip(result.columns, view.columns(result), strict=True):
        marks = [False] * len(cells)
        if column.unit is Unit.LABEL:
            marks = [isinstance(word, str) and word in MARKED for word in result.frame[column.name].to_list()]
        columns.append(list(zip(cells, marks, strict=True)))
    return [list(row) for row in zip(*columns, strict=True)]


def _picture(picture: Picture, view: View) -> tuple[str, str]:
    """The tree as inline SVG and its width in pixels; its characters come with those of the page."""
    from refgraph.renderers.pictures import render_picture

    drawn = render_picture(picture, "svg", view.lang, Look(allow_missing_glyphs=True)).decode()
    found = _WIDTH.match(drawn)
    return drawn, found[1] if found else "720"


def _origin(result: Result, view: View) -> Iterator[tuple[str, str]]:
    """What a reader needs to trust and repeat the page: (what, which)."""
    known = dict(result.origin) | {"scope": _asked(result.scope.as_json()), "parameters": _asked(result.parameters)}
    if known.get("source"):
        known["source"] = PurePath(str(known["source"])).name or str(known["source"])
    if known.get("value"):
        known["value"] = texts.label(str(known["value"]), view.lang)
    for key in ("as_of", "value", "value_since", "value_until", "scope", "parameters", "source", "engine", "refgraph"):
        if known.get(key):
            yield texts.lookup("page", f"origin-{key}", view.lang), clean(str(known[key]))


def _asked(settings: Mapping[str, object]) -> str:
    """Settings that were set: ``count=staff, since=2024-01-01``."""
    said = {key: plain(value) for key, value in settings.items()}
    return ", ".join(f"{key}={'+'.join(map(str, value)) if isinstance(value, list) else value}"
                     for key, value in sorted(said.items()) if value not in (None, [], "", False))  # fmt: skip
