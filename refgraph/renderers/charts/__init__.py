"""RESULT -> chart: one line of `CHARTS` and one module with ``draw(data) -> DrawnChart``.

It draws what the table of its analysis says, with the same numbers in the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import NamedTuple

from refgraph import texts
from refgraph.errors import UsageError
from refgraph.model.parameter_values import convert_word, suggest_nearest
from refgraph.model.result import Result
from refgraph.renderers import cells, fonts
from refgraph.renderers.charts.parts import ChartData, DrawnChart, draw_nothing
from refgraph.renderers.page_frame import Frame
from refgraph.renderers.paper import Paper, parse_paper
from refgraph.renderers.paper_page import compose_on_paper, measure_room
from refgraph.renderers.pictures import write_scene
from refgraph.renderers.scene import Scene
from refgraph.renderers.style import PictureStyle
from refgraph.renderers.themes import apply_theme, load_theme
from refgraph.renderers.view import View


class Chart(NamedTuple):
    """analysis, parameters: which answer is drawn. module: in this package."""

    analysis: str
    parameters: Mapping[str, object]
    module: str


CHARTS: dict[str, Chart] = {
    "share-by-year": Chart("growth", {}, "share_by_year"),
    "whale-curve": Chart("concentration", {"curve": True}, "whale_curve"),
    "top-recommenders": Chart("recommenders", {}, "top_recommenders"),
    "cohort-map": Chart("cohorts", {}, "cohort_map"),
    "joins-by-year": Chart("growth", {}, "joins_by_year"),
    "channels": Chart("channels", {}, "interval_bars"),
    "sectors": Chart("segments", {"by": "sector"}, "interval_bars"),
    "regions": Chart("segments", {"by": "region"}, "interval_bars"),
    "quadrants": Chart("quadrants", {}, "quadrant_map"),
    "flow-matrix": Chart("flows", {"by": "sector"}, "flow_matrix"),
    "funnel": Chart("funnel", {}, "funnel_bars"),
    "chain-lengths": Chart("chains", {}, "chain_lengths"),
    "chance-ranks": Chart("chance", {}, "chance_ranks"),
    "time-to-refer": Chart("time-to-refer", {"curve": True}, "survival_curves"),
    "retention": Chart("retention", {"curve": True}, "survival_curves"),
    "largest-trees": Chart("trees", {"shape": True}, "tree_thumbnails"),
}
DEFAULT_PAPER = "slide"
REPORT_PAPER = Paper(960, 420, 12.0)
"""The size of a chart in a report, where the headline stands above it already."""
HALF_PAPER = Paper(600, 400, 12.0)
"""The size of a chart beside another one."""
FIRST_ROOM = 0.8


def find_chart(name: str) -> Chart:
    """The chart of a name. Raises UsageError ``unknown-chart``."""
    if name not in CHARTS:
        near = suggest_nearest(name, CHARTS)
        raise UsageError("unknown-chart", name=name, known=list(CHARTS), near=near)
    return CHARTS[name]


def render_chart(
    name: str, result: Result, format: str, lang: str, style: PictureStyle = PictureStyle()
) -> bytes:
    """The chart of an answer as ``svg``, ``png``, ``pdf`` or ``pptx``, each time the same bytes.

    Of a style, paper, title, theme, font and embed_font count. Raises UsageError ``unknown-chart``,
    ``bad-word``; FileError for fonts; as `themes.load_theme`.
    """
    convert_word(lang, texts.LANGUAGES, "lang")
    theme = load_theme(style.theme)
    font = fonts.load_font(style.font or (theme.font if theme else None))
    scene = apply_theme(build_chart_scene(name, result, lang, style, font), theme)
    return write_scene(scene, format, font, style.embed_font)


def render_report_chart(
    name: str, result: Result, lang: str, paper: Paper = REPORT_PAPER, format: str = "svg"
) -> bytes:
    """The chart for a page that has its headline already, and its characters if it is an SVG."""
    font = fonts.load_font()
    headline = View(format="svg", lang=lang).say(result.headline)
    scene = _compose(name, result, lang, font, paper, ("", ""))
    described = Scene(
        width=scene.width,
        height=scene.height,
        title=texts.look_up("chart", name, lang),
        description=headline,
        lang=lang,
        groups=scene.groups,
    )
    return write_scene(described, format, font)


def build_chart_scene(
    name: str, result: Result, lang: str, style: PictureStyle, font: fonts.Font
) -> Scene:
    """The chart on a paper, a slide unless the style says otherwise; its title is the finding."""
    title = None if style.title is None else cells.clean_text(style.title)
    words = (title, texts.look_up("chart", name, lang))
    return _compose(name, result, lang, font, parse_paper(style.paper or DEFAULT_PAPER), words)


def _compose(
    name: str,
    result: Result,
    lang: str,
    font: fonts.Font,
    paper: Paper,
    words: tuple[str | None, str],
) -> Scene:
    """Drawn twice: the room depends on the words around it, and these on what is drawn.

    words: title and second line; without a title, the finding.
    """
    draw: Callable[[ChartData], DrawnChart] = draw_nothing
    if result.frame.height:
        draw = import_module(f"{__name__}.{find_chart(name).module}").draw
    room = (paper.width * FIRST_ROOM, paper.height * FIRST_ROOM)
    for _ in range(2):
        data = ChartData(result=result, lang=lang, font=font, room=room, size=paper.min_name)
        drawn = draw(data)
        caption = [texts.format_message(note, lang) for note in drawn.notes]
        finding = View(format="svg", lang=lang).say(drawn.headline or result.headline)
        title = finding if words[0] is None else words[0]
        frame = Frame(
            title=title, headline=words[1], legend=drawn.legend, caption=caption, lang=lang
        )
        room = measure_room(frame, paper, font)
    data = ChartData(result=result, lang=lang, font=font, room=room, size=paper.min_name)
    return compose_on_paper(draw(data).groups, room, 1.0, frame, paper, font)
