"""The pictures of a report as files of one format, for pages that cannot draw them themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from refgraph.model.result import Report, Section
from refgraph.renderers.charts import HALF_PAPER, REPORT_PAPER, render_report_chart
from refgraph.renderers.paper import Paper
from refgraph.renderers.pictures import render_picture
from refgraph.renderers.style import PictureStyle
from refgraph.renderers.view import View

TREE_PAPER = "960x480"


@dataclass(frozen=True, eq=False)
class ReportPicture:
    """section: index in the report, None for the first page. caption, description: what it is, and
    what it shows in a sentence.
    """

    section: int | None
    caption: str
    description: str
    content: bytes


def list_pictures(
    report: Report, view: View, format: str, is_opening_half: bool = False
) -> Iterator[ReportPicture]:
    """The trees and charts, first those of the first page. format: as in `pictures.FORMATS`.

    is_opening_half: whether charts of the first page stand side by side.
    """
    sections: list[tuple[int | None, Section]] = [(None, part) for part in report.opening]
    sections += enumerate(report.sections)
    for number, section in sections:
        paper = HALF_PAPER if is_opening_half and number is None else REPORT_PAPER
        content = _draw(section, view.lang, format, paper)
        if content:
            caption = view.caption(section) or view.title(section.result)
            yield ReportPicture(number, caption, view.say(section.result.headline), content)


def _draw(section: Section, lang: str, format: str, paper: Paper) -> bytes | None:
    """The tree or the chart of a section; None where there is neither."""
    if section.picture is not None:
        return render_picture(section.picture, format, lang, PictureStyle(paper=TREE_PAPER))
    if section.chart is not None:
        return render_report_chart(*section.chart, lang, paper, format)
    return None
