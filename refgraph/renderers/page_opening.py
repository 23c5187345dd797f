"""The first page of a report: key figures, what matters most in sentences, and pictures of it."""

from __future__ import annotations

import re
from typing import Any

from refgraph import texts
from refgraph.model.result import Figure, Report, Section
from refgraph.renderers.view import View

DEFAULT_PICTURE_WIDTH = "720"
_SVG_WIDTH = re.compile(r'<svg [^>]*?\bwidth="([\d.]+)"')


def build_figure(figure: Figure, view: View) -> dict[str, Any]:
    """A key figure; its span in percent of the width of the bar."""
    span = figure.interval and [
        round(100 * min(max(share, 0.0), 1.0), 2) for share in figure.interval
    ]
    return {
        "title": texts.look_up("figure", figure.title, view.lang),
        "value": view.say(figure.value),
        "detail": view.say(figure.detail),
        "span": span,
    }


def build_opening(report: Report, view: View) -> dict[str, Any]:
    """Findings and pictures, each with the id of its section."""
    places = {
        section.caption: (f"{view.lang}-{number}", section)
        for number, section in enumerate(report.sections, 1)
    }
    found = [places[caption] for caption in report.findings if caption in places]
    pictures = []
    for section in report.opening:
        drawn = render_section_svg(section, view, is_half=True)
        if drawn:
            target = places[section.caption][0] if section.caption in places else ""
            pictures.append({"svg": drawn[0], "caption": view.caption(section), "target": target})
    return {
        "findings": [(view.say(section.result.headline), target) for target, section in found],
        "opening": pictures,
    }


def render_section_svg(
    section: Section, view: View, is_half: bool = False
) -> tuple[str, str] | None:
    """The tree or the chart as inline SVG and its width in pixels; None where there is neither.

    The page embeds its characters, too.
    """
    from refgraph.renderers.charts import HALF_PAPER, REPORT_PAPER, render_report_chart
    from refgraph.renderers.pictures import render_picture

    if section.picture is not None:
        svg = render_picture(section.picture, "svg", view.lang).decode()
    elif section.chart is not None:
        svg = render_report_chart(
            *section.chart, view.lang, HALF_PAPER if is_half else REPORT_PAPER
        ).decode()
    else:
        return None
    width = _SVG_WIDTH.match(svg)
    return svg, width[1] if width else DEFAULT_PICTURE_WIDTH
