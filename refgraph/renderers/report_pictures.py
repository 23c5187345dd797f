"""The pictures of a report as files of one format, for pages that cannot draw them themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from refgraph.model.result import Report, Section
from refgraph.renderers.charts import REPORT_PAPER, render_report_chart
from refgraph.renderers.pictures import render_picture
from refgraph.renderers.style import PictureStyle
from refgraph.renderers.view import View

TREE_PAPER = "1200x675"


@dataclass(frozen=True, eq=False)
class ReportPicture:
    """section: index in the report, None for the first page. caption, description: what it is, and
    what it shows in a sentence.
    """

    section: int | None
    caption: str
    description: str
    content: bytes


def list_pictures(report: Report, view: View, format: str) -> Iterator[ReportPicture]:
    """The trees and charts, first those of the first page. format: as in `pictures.FORMATS`."""
    sections: list[tuple[int | None, Section]] = [(None, part) for part in report.opening]
    sections += enumerate(report.sections)
    for number, section in sections:
        content = _draw(section, view.lang, format)
        if content:
            caption = view.caption(section) or view.title(section.result)
            yield ReportPicture(number, caption, view.say(section.result.headline), content)


def _draw(section: Section, lang: str, format: str) -> bytes | None:
    """The tree or the chart of a section; None where there is neither."""
    if section.picture is not None:
        return render_picture(section.picture, format, lang, PictureStyle(paper=TREE_PAPER))
    if section.chart is not None:
        return render_report_chart(*section.chart, lang, REPORT_PAPER, format)
    return None
