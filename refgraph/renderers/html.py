"""HTML: one self-contained page for a browser, a mail or a board; nothing is fetched.

A report holds both languages, switched by radio buttons without script; a single answer has one.
Whatever is in the data is text: autoescape is on, and the policy of the page allows its own style,
its embedded font and its one script only, which sorts and filters tables. Columns marked ``detail``
and further rows are behind check boxes; a table of one row is shown as facts.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

from refgraph import texts
from refgraph.model.message import message
from refgraph.model.result import Column, Report, Result, Section
from refgraph.model.units import Unit
from refgraph.renderers import font_subset, fonts
from refgraph.renderers.cells import NUMERIC_UNITS, clean_text
from refgraph.renderers.page_boxes import choose_box
from refgraph.renderers.page_figures import PageFigures, find_figures, measure_room, pack
from refgraph.renderers.page_links import find_home_rows, link_names, list_anchors
from refgraph.renderers.page_opening import build_figure, build_opening, render_section_svg
from refgraph.renderers.page_provenance import list_provenance
from refgraph.renderers.page_script import load_script
from refgraph.renderers.view import LANGUAGE_TAGS, View
from refgraph.texts.numbers import format_share

MIN_FACT_COLUMNS = 6
"""A table of one row and at least this many columns is shown as facts."""
MAX_MORE_ROWS = 200
"""Further rows of a table behind a check box."""
LONG_UNITS = (Unit.TEXT, Unit.ID, Unit.REASON)
"""Units whose cells may be as long as a sentence."""
FONT_FACE_MARK = "/*face*/"
PACKED_MARK = "<!--figures-->"
PAGE_TEXT_KEYS = (
    "contents",
    "key-figures",
    "meanings",
    "formula",
    "to-top",
    "made-by",
    "language-name",
    "interval",
    "filter",
    "findings",
)
CLOSED_LABELS = frozenset({"closed", "former"})
"""Words of a label column that are written in red: deals that closed."""
_UNBROKEN = re.compile(r"(?<!\d)(?:\d{4}-\d\d-\d\d|\d[\d.,–]* %)(?!\d)")


def render(subject: Result | Report, view: View) -> bytes:
    """UTF-8. The same bytes for the same answer. Raises FileError if there is no font to embed."""
    languages = texts.LANGUAGES if isinstance(subject, Report) else (view.lang,)
    figures = find_figures(subject, view, MAX_MORE_ROWS)
    page = _load_template().render(
        pages=[_build_page(subject, replace(view, lang=lang), figures) for lang in languages],
        lang=view.lang,
        tag=LANGUAGE_TAGS[view.lang],
        face=FONT_FACE_MARK,
        packed=PACKED_MARK if figures and figures.cells else "",
        script=load_script(),
        style=files("refgraph.renderers").joinpath("report.css").read_text(encoding="utf-8"),
    )
    if figures is None:
        return _embed_font(page, "").encode("utf-8", "ignore")
    text = figures.fit(measure_room(page))
    page = _embed_font(page, text).replace(PACKED_MARK, pack(text), 1)
    return page.encode("utf-8", "ignore")


@lru_cache(maxsize=1)
def _load_template() -> Any:
    """The jinja2 ``Template`` of all pages; compiling it takes longer than filling it."""
    from jinja2 import Environment

    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters["days"] = _keep_figures_together
    source = files("refgraph.renderers").joinpath("report.html").read_text(encoding="utf-8")
    return environment.from_string(source)


def _keep_figures_together(text: str) -> str:
    """A text that is escaped already, with every date and percentage kept on one line."""
    return _UNBROKEN.sub(r'<span class="day">\g<0></span>', str(text))


def _embed_font(page: str, packed: str) -> str:
    """The page with a font of the characters that it shows, at the first mark, before any data.

    packed: what it shows at a click.
    """
    characters = "".join(sorted(set(page) | set(packed) | set(string.printable.strip())))
    return page.replace(FONT_FACE_MARK, _build_font_face(fonts.load_font(), characters), 1)


@lru_cache(maxsize=8)
def _build_font_face(font: fonts.Font, characters: str) -> str:
    """The embedded font; pages with the same characters share it."""
    return font_subset.build_font_face(font, [characters])


def _build_page(
    subject: Result | Report, view: View, figures: PageFigures | None
) -> dict[str, Any]:
    """Everything that one language of the page shows."""
    page: dict[str, Any] = {
        "lang": view.lang,
        "tag": LANGUAGE_TAGS[view.lang],
        "say": {key: texts.look_up("page", key, view.lang) for key in PAGE_TEXT_KEYS},
        "whole": format_share(1, view.lang, 0),
    }
    if isinstance(subject, Report):
        assert figures is not None
        return page | _build_report_content(subject, view, figures)
    section = _build_section(Section(subject), view, 0, "", {})
    return page | {
        "title": view.title(subject),
        "figures": [],
        "notes": [],
        "sections": [section],
        "origin": list(list_provenance(subject, view)),
    }


def _build_report_content(report: Report, view: View, figures: PageFigures) -> dict[str, Any]:
    shown = [_take_rows(section, view)[0] for section in report.sections]
    homes = find_home_rows(shown)
    sections = [
        _build_section(section, view, number, view.caption(section), homes)
        for number, section in enumerate(report.sections)
    ]
    for number, section in enumerate(sections):
        section["opens"] = figures.name_cells(number, len(section["rows"]))
    _drop_repeated_notes(sections)
    origin = list_provenance(report.sections[0].result, view) if report.sections else ()
    return {
        "title": view.say(report.title),
        "verdict": view.say(report.verdict) if report.verdict else "",
        "figures": [
            build_figure(figure, view) | {"opens": figures.find_card(figure)}
            for figure in report.figures
        ],
        "without_script": view.say(message("page.rows-without-script")) if figures.cells else "",
        "notes": [view.say(note) for note in report.notes],
        "sections": sections,
        "origin": list(origin),
        **build_opening(report, view),
    }


def _drop_repeated_notes(sections: list[dict[str, Any]]) -> None:
    """Remove, in place, notes that an earlier section has."""
    seen: set[str] = set()
    for section in sections:
        notes = section["notes"]
        section["notes"] = [note for note in notes if note not in seen]
        seen.update(notes)


def _take_rows(section: Section, view: View) -> tuple[Result, str]:
    """The rows of a page, those behind a check box included, and a line on the others."""
    limit = view.row_limit(section)
    return view.take_rows(section.result, None if limit is None else limit + MAX_MORE_ROWS)


def _build_section(
    section: Section,
    view: View,
    number: int,
    caption: str,
    homes: Mapping[str, tuple[int, int]],
) -> dict[str, Any]:
    result = section.result
    shown, more_rows = _take_rows(section, view)
    limit = view.row_limit(section)
    extra = 0 if limit is None else max(shown.frame.height - limit, 0)
    links = link_names(shown, number, homes)
    columns = _describe_columns(shown.columns, view)
    is_facts = shown.frame.height == 1 and len(columns) >= MIN_FACT_COLUMNS
    hidden = 0 if is_facts else sum(column["detail"] for column in columns)
    more_columns = view.say(message("page.columns-more", columns=hidden)) if hidden else ""
    notes = [view.say(note) for note in result.notes]
    picture = render_section_svg(section, view)
    return {
        "box": choose_box(columns, view.lang),
        "id": f"{view.lang}-{number + 1}",
        "caption": caption,
        "headline": view.say(result.headline),
        "columns": columns,
        "rows": _build_rows(shown, view, links),
        "anchors": list_anchors(homes, number),
        "first": shown.frame.height - extra,
        "more_rows": view.say(message("page.rows-more", rows=extra)) if extra else "",
        "facts": is_facts,
        "more": more_columns,
        "rest": more_rows,
        "notes": notes,
        "picture": picture,
        "opens": [],
    }


def _describe_columns(columns: Sequence[Column], view: View) -> list[dict[str, Any]]:
    """Every column; the leading one is the first text that is no detail, otherwise the first."""
    described = [_describe_column(column, view) for column in columns]
    names = (i for i, c in enumerate(columns) if c.unit is Unit.TEXT and not c.detail)
    if described:
        described[next(names, 0)] |= {"lead": True, "detail": False}
    return described


def _describe_column(column: Column, view: View) -> dict[str, Any]:
    meaning = texts.get_column_meaning(column.text, view.lang)
    return {
        "title": view.heading(column),
        "meaning": clean_text(meaning),
        "formula": column.formula,
        "number": column.unit in NUMERIC_UNITS,
        "day": column.unit is Unit.DATE,
        "long": column.unit in LONG_UNITS,
        "unit": column.unit.value,
        "detail": column.detail,
        "lead": False,
    }


def _build_rows(
    result: Result, view: View, links: Mapping[int, list[str]]
) -> list[list[tuple[str, bool, str]]]:
    """Cells row by row, each with whether it is the label of a deal that closed, and its link."""
    columns = []
    formatted = zip(result.columns, view.format_columns(result), strict=True)
    for place, (column, cells) in enumerate(formatted):
        targets = links.get(place) or [""] * len(cells)
        is_closed = [False] * len(cells)
        if column.unit is Unit.LABEL:
            words = result.frame[column.name].to_list()
            is_closed = [isinstance(word, str) and word in CLOSED_LABELS for word in words]
        columns.append(zip(cells, is_closed, targets, strict=True))
    return [list(row) for row in zip(*columns, strict=True)]
