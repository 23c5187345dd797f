"""A report as PDF by typst: cover, contents, page numbers, charts, tables, searchable text.

The layout stands in ``report.typ``; every word reaches it as data, so that no name can act as
markup. Nothing is read from the network, and the same report gives the same bytes.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from refgraph import texts
from refgraph.errors import UsageError
from refgraph.model.result import Report, Section
from refgraph.renderers import fonts
from refgraph.renderers.cells import NUMERIC_UNITS, clean_text
from refgraph.renderers.page_opening import build_figure
from refgraph.renderers.page_provenance import list_provenance
from refgraph.renderers.report_pictures import ReportPicture, list_pictures
from refgraph.renderers.view import View

TEMPLATE = "report.typ"
REGIONS = {"en": "gb", "zh": "cn"}
CREATED = 946_684_800
"""The day in every file, 2000-01-01: the same report gives the same bytes."""


def render(report: Report, view: View) -> bytes:
    """The file. Raises UsageError ``missing-extra`` without the extra ``pdf``; FileError for
    fonts.
    """
    check_installed()
    import typst

    folders, families = _find_fonts(typst)
    content = _build_content(report, view) | {"fonts": families}
    pdf: bytes = typst.compile(
        files("refgraph.renderers").joinpath(TEMPLATE).read_bytes(),
        format="pdf",
        font_paths=folders,
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(content, ensure_ascii=False)},
        timestamp=CREATED,
    )
    return pdf


def check_installed() -> None:
    """Raise the UsageError ``missing-extra`` now that `render` would raise after all the work."""
    try:
        import typst  # noqa: F401
    except ImportError as error:
        raise UsageError("missing-extra", extra="pdf", why=str(error)) from error


def _find_fonts(typst: Any) -> tuple[list[str], list[str]]:
    """The folders of the fonts that draw, and their families, the first for all it has."""
    font = fonts.load_font()
    paths = [path for path in (font.path, font.fallback) if path]
    folders = list(dict.fromkeys(str(Path(path).parent) for path in paths))
    known = typst.Fonts(include_system_fonts=False, font_paths=folders).fonts()
    family = {info.path and str(Path(info.path).resolve()): info.family for info in known}
    named = [family.get(str(Path(path).resolve())) for path in paths]
    return folders, [name for name in named if name]


def _build_content(report: Report, view: View) -> dict[str, Any]:
    """Everything that the layout shows, as text."""
    pictures = list(list_pictures(report, view, "svg", is_opening_half=True))
    by_section = {picture.section: picture for picture in pictures if picture.section is not None}
    sections = [
        _build_section(section, view, by_section.get(number))
        for number, section in enumerate(report.sections)
    ]
    _drop_repeated_notes(sections)
    by_caption = {section.caption: section for section in report.sections}
    findings = [by_caption[name] for name in report.findings if name in by_caption]
    say = {key: texts.look_up("page", key, view.lang) for key in ("contents", "meanings")}
    return say | {
        "lang": view.lang,
        "region": REGIONS[view.lang],
        "title": view.say(report.title),
        "verdict": view.say(report.verdict) if report.verdict else "",
        "notes": [view.say(note) for note in report.notes],
        "figures": [build_figure(figure, view) for figure in report.figures],
        "findings": [view.say(section.result.headline) for section in findings],
        "opening": [_describe(picture) for picture in pictures if picture.section is None],
        "sections": sections,
        "columns": _list_columns(report, view),
        "origin": list(list_provenance(report.sections[0].result, view)) if sections else [],
        "made-by": texts.look_up("page", "made-by", view.lang),
    }


def _describe(picture: ReportPicture | None) -> dict[str, str] | None:
    if picture is None:
        return None
    svg = picture.content.decode()
    return {"svg": svg, "caption": picture.caption, "alt": picture.description}


def _build_section(section: Section, view: View, picture: ReportPicture | None) -> dict[str, Any]:
    """One section without the columns that are details."""
    shown, more = view.take_rows(section.result, view.row_limit(section))
    kept = [k for k, column in enumerate(shown.columns) if not column.detail]
    cells = view.format_columns(shown)
    columns = [shown.columns[k] for k in kept]
    return {
        "caption": view.caption(section) or view.title(section.result),
        "headline": view.say(section.result.headline),
        "picture": _describe(picture),
        "columns": [
            {"title": view.heading(column), "number": column.unit in NUMERIC_UNITS}
            for column in columns
        ],
        "rows": [list(row) for row in zip(*(cells[k] for k in kept), strict=True)],
        "more": more,
        "notes": [view.say(note) for note in section.result.notes],
    }


def _drop_repeated_notes(sections: list[dict[str, Any]]) -> None:
    """Remove, in place, notes that an earlier section has."""
    earlier: set[str] = set()
    for section in sections:
        section["notes"] = [note for note in section["notes"] if note not in earlier]
        earlier.update(section["notes"])


def _list_columns(report: Report, view: View) -> list[dict[str, str]]:
    """Title and meaning of every column that a table shows, each once."""
    columns = [column for section in report.sections for column in section.result.columns]
    shown = [column for column in columns if not column.detail]
    meanings = {
        view.heading(column): clean_text(texts.get_column_meaning(column.text, view.lang))
        for column in shown
    }
    return [{"title": title, "meaning": meaning} for title, meaning in meanings.items()]
