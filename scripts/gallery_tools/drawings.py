"""What the gallery draws: trees of every shape, size and layout, the whole, and every chart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import get_args

from gallery_tools.companies import ROOT, SHAPES, make_company, make_generated_company
from refgraph.engines.base import Engine
from refgraph.model.picture import Picture
from refgraph.model.result import Result
from refgraph.pipeline import run
from refgraph.pipeline.drawing import build_picture, build_whole_picture
from refgraph.renderers import fonts
from refgraph.renderers.charts import CHARTS, build_chart_scene
from refgraph.renderers.pictures import build_scene
from refgraph.renderers.scene import Scene
from refgraph.renderers.style import PictureStyle, StyleName
from refgraph.renderers.themes import apply_theme, load_theme

SIZES = (13, 27, 60, 145, 500, 3_000, 41_000)
PAPERS, LANGUAGES, THEMES = ("slide", "a4"), ("en", "zh"), ("light", "print")
CHART_PARTIES = 3_000


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """One picture: a chart, or parties in a shape and a layout."""

    kind: str
    parties: int
    layout: str
    paper: str
    lang: str
    theme: str

    @property
    def name(self) -> str:
        """The name of its file, without a suffix."""
        words = (self.kind, self.parties, self.layout, self.paper, self.lang, self.theme)
        return "-".join(map(str, words))


def list_drawings() -> Iterator[Drawing]:
    """Every layout on the tree, the layout that is chosen on every shape, and every chart."""
    layouts = [name for name in get_args(StyleName) if name != "auto"]
    looks = [(p, lang, t) for p in PAPERS for lang in LANGUAGES for t in THEMES]
    for paper, lang, theme in looks:
        for n in SIZES:
            choices = [(shape, "auto") for shape in SHAPES] + [("tree", name) for name in layouts]
            for kind, layout in choices:
                yield Drawing(
                    kind=kind, parties=n, layout=layout, paper=paper, lang=lang, theme=theme
                )
        for name in CHARTS:
            yield Drawing(
                kind="chart",
                parties=CHART_PARTIES,
                layout=name,
                paper=paper,
                lang=lang,
                theme=theme,
            )
        yield Drawing(
            kind="whole",
            parties=CHART_PARTIES,
            layout="icicle",
            paper=paper,
            lang=lang,
            theme=theme,
        )


def draw(drawing: Drawing) -> Scene:
    """The Scene of a drawing, in the inks of its theme."""
    style = PictureStyle(paper=drawing.paper, theme=drawing.theme)
    font, theme = fonts.load_font(), load_theme(style.theme)
    if drawing.kind == "chart":
        result = _answer(drawing.layout)
        scene = build_chart_scene(drawing.layout, result, drawing.lang, style, font)
    else:
        named: dict[str, StyleName] = {name: name for name in get_args(StyleName)}
        style = PictureStyle(style=named[drawing.layout], paper=drawing.paper, theme=drawing.theme)
        picture = _build_picture(drawing.kind, drawing.parties, drawing.lang)
        scene = build_scene(picture, drawing.lang, style, font)
    return apply_theme(scene, theme)


@cache
def _generated_company() -> Engine:
    return make_generated_company(CHART_PARTIES)


@cache
def _answer(chart: str) -> Result:
    chosen = CHARTS[chart]
    return run(_generated_company(), chosen.analysis, dict(chosen.parameters))


@cache
def _build_picture(kind: str, parties: int, lang: str) -> Picture:
    if kind == "whole":
        return build_whole_picture(_generated_company())
    return build_picture(make_company(kind, parties, lang), ROOT)
