"""Charts in a Python session: ``result.chart()`` in a notebook, in a file, or in axes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from refgraph.errors import UsageError
from refgraph.files import write_file
from refgraph.model.parameter_values import convert_word, describe_value
from refgraph.model.representation import describe_object
from refgraph.model.result import Result
from refgraph.renderers import fonts
from refgraph.renderers.charts import CHARTS, build_chart_scene, find_chart, render_chart
from refgraph.renderers.image import draw_on_axes
from refgraph.renderers.pictures import find_format
from refgraph.renderers.style import PictureStyle
from refgraph.renderers.themes import apply_theme, load_theme
from refgraph.texts import LANGUAGES, find_language

PIXELS_PER_INCH, MIN_SIDE = 96, 300
NOTEBOOK_PAPER = "1200x675"


@dataclass(frozen=True, eq=False)
class ChartPicture:
    """A chart of an answer. Notebooks show it; `save` writes it."""

    name: str
    result: Result
    lang: str
    style: PictureStyle

    def __repr__(self) -> str:
        return describe_object(self, self.name, repr(self.result))

    def render(self, format: str = "svg") -> bytes:
        """The chart as ``svg``, ``png``, ``pdf`` or ``pptx``; raises as `render_chart`."""
        return render_chart(self.name, self.result, format, self.lang, self.style)

    def save(self, path: str | Path) -> None:
        """Write the chart in the format of the suffix. Raises UsageError, FileError."""
        write_file(path, self.render(find_format(path)))

    def _repr_svg_(self) -> str:
        """What a notebook shows."""
        return self.render("svg").decode()


def draw_chart(
    result: Result,
    name: str | None = None,
    *,
    lang: str | None = None,
    paper: str | None = None,
    title: str | None = None,
    theme: str | None = None,
    ax: Any = None,
) -> ChartPicture:
    """An answer as a chart, with the numbers of its table.

    name: one of the charts that ``refgraph chart`` lists; None = the first that draws this
    analysis. lang: as for `to_text`. paper, title, theme: as in `PictureStyle`; without a paper
    1200 by 675 pixels. ax: axes of matplotlib to draw into; the chart is then as large as they are.
    Raises UsageError ``unknown-chart``, ``no-chart``, ``chart-needs``, ``not-an-answer``, and as
    `PictureStyle` and `themes.load_theme`.
    """
    if not isinstance(result, Result):
        raise UsageError("not-an-answer", value=describe_value(result))
    language = find_language() if lang is None else convert_word(lang, LANGUAGES, "lang")
    chosen = _choose_chart(result, name)
    if ax is not None and paper is None:
        paper = _measure_axes(ax)
    style = PictureStyle(paper=paper or NOTEBOOK_PAPER, title=title, theme=theme, embed_font=True)
    picture = ChartPicture(chosen, result, language, style)
    if ax is not None:
        loaded = load_theme(theme)
        font = fonts.load_font(loaded.font if loaded else None)
        scene = build_chart_scene(chosen, result, language, style, font)
        draw_on_axes(apply_theme(scene, loaded), font, ax)
    return picture


def _choose_chart(result: Result, name: str | None) -> str:
    """The chart that draws the answer."""
    names = [key for key, chart in CHARTS.items() if chart.analysis == result.analysis]
    if name is not None and name not in names:
        find_chart(name)
    if not names or name is not None and name not in names:
        analyses = sorted({chart.analysis for chart in CHARTS.values()})
        raise UsageError("no-chart", analysis=result.analysis, known=names or analyses)
    candidates = [name] if name is not None else names
    fitting = [key for key in candidates if not _list_missing(result, key)]
    if not fitting:
        missing = _list_missing(result, candidates[0])
        raise UsageError(
            "chart-needs", name=candidates[0], analysis=result.analysis, missing=missing
        )
    return fitting[0]


def _list_missing(result: Result, name: str) -> list[str]:
    """Parameters of the chart that the answer was not made with, as Python writes them."""
    wanted = CHARTS[name].parameters
    return [
        f"{key}={value!r}" for key, value in wanted.items() if result.parameters.get(key) != value
    ]


def _measure_axes(axes: Any) -> str:
    """The size of axes as a paper, enlarged to the smallest that there is."""
    box = axes.get_window_extent()
    dpi = axes.get_figure(root=True).dpi
    width, height = (side / dpi * PIXELS_PER_INCH for side in (box.width, box.height))
    factor = max(1.0, MIN_SIDE / width, MIN_SIDE / height)
    return f"{round(width * factor)}x{round(height * factor)}"
