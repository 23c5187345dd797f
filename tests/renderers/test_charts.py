"""Charts: the numbers of the table, in both languages, with no text upon another."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from support import toys
from support.picture_checks import overlaps, rectangles, texts_of
from support.program import CASE, call

from refgraph import pipeline
from refgraph.engines.base import Engine
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import DataError, UsageError
from refgraph.model.result import Result
from refgraph.renderers import fonts
from refgraph.renderers.charts import (
    CHARTS,
    build_chart_scene,
    find_chart,
    render_chart,
    render_report_chart,
)
from refgraph.renderers.scene import Lines, Marks, Scene
from refgraph.renderers.style import PictureStyle
from refgraph.renderers.view import View

FONT = fonts.load_font()
OWN_HEADLINES = ("sectors", "regions")
"""Charts of another share than the headline of their table is about."""


def answer(engine: Engine, name: str) -> Result:
    return pipeline.run(engine, CHARTS[name].analysis, dict(CHARTS[name].parameters))


@pytest.fixture(scope="module")
def answers() -> Mapping[str, Result]:
    engine = pipeline.open_source(CASE)
    return {name: answer(engine, name) for name in CHARTS}


def check_page(page: Scene) -> None:
    boxes = np.concatenate((rectangles(page, FONT), rectangles(page, FONT, around=True)))
    texts = [g for g in page.groups if not isinstance(g, (Lines, Marks))]
    only = Scene(
        width=page.width, height=page.height, title="", description="", lang="en", groups=(*texts,)
    )
    words = np.concatenate((rectangles(only, FONT), rectangles(only, FONT, around=True)))
    assert overlaps(words, slack=0.6) == 0
    assert (boxes[:, :2] >= -1e-6).all()
    assert (boxes[:, 2:] <= [page.width + 1e-6, page.height + 1e-6]).all()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("paper", [None, "a4", "a4-landscape", "640x480"])
@pytest.mark.parametrize("name", CHARTS)
def test_chart_on_any_paper_keeps_its_texts_apart(
    answers: Mapping[str, Result], name: str, paper: str | None, lang: str
) -> None:
    page = build_chart_scene(name, answers[name], lang, PictureStyle(paper=paper), FONT)
    check_page(page)
    says_what_its_table_says = page.title == View(format="svg", lang=lang).say(
        answers[name].headline
    )
    assert says_what_its_table_says == (name not in OWN_HEADLINES)


def find_cells(result: Result, column: str, lang: str) -> list[str]:
    names = [c.name for c in result.columns]
    return View(format="svg", lang=lang).format_columns(result)[names.index(column)]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_charts_show_the_numbers_of_their_tables(answers: Mapping[str, Result], lang: str) -> None:
    pages = {
        name: build_chart_scene(name, answers[name], lang, PictureStyle(), FONT) for name in CHARTS
    }
    growth = answers["share-by-year"]
    years = texts_of(pages["share-by-year"], "year")
    assert years == find_cells(growth, "year", lang)[: len(years)][::-1] and len(years) > 20
    shares = find_cells(growth, "new_share", lang)[: len(years)][::-1]
    assert texts_of(pages["share-by-year"], "value") == [s for s in shares if s != "–"]
    names = texts_of(pages["top-recommenders"], "name")
    assert names == answers["top-recommenders"].frame["name"].to_list()[:15]
    values = find_cells(answers["top-recommenders"], "direct_value", lang)
    bars = texts_of(pages["top-recommenders"], "value")
    assert all(value in bar for value, bar in zip(values, bars, strict=False))
    cohort = texts_of(pages["cohort-map"], "value")
    for column in ("cohort", "customers", "retained", "within_3"):
        assert set(find_cells(answers["cohort-map"], column, lang)) <= set(cohort)
    legend = " ".join(texts_of(pages["whale-curve"], "legend"))
    top = find_cells(answers["whale-curve"], "top_20", lang)
    assert all(part in legend for part in set(top))


def test_bars_and_points_are_in_proportion_to_the_numbers(answers: Mapping[str, Result]) -> None:
    page = build_chart_scene(
        "top-recommenders", answers["top-recommenders"], "en", PictureStyle(), FONT
    )
    bars = next(g.points for g in page.groups if g.name == "bar" and isinstance(g, Lines))
    length = bars[:, 1, 0] - bars[:, 0, 0]
    value = answers["top-recommenders"].frame["direct_value"].to_numpy()[: len(length)]
    assert np.allclose(length / length[0], value / value[0])
    growth = answers["share-by-year"].frame
    page = build_chart_scene("share-by-year", answers["share-by-year"], "en", PictureStyle(), FONT)
    grid = next(g.points for g in page.groups if g.name == "grid" and isinstance(g, Lines))
    y = next(g.y for g in page.groups if g.name == "point" and isinstance(g, Marks))
    zero, whole = grid[0, 0, 1], grid[-1, 0, 1]
    share = growth["new_share"].to_numpy()[: len(y)][::-1]
    assert np.allclose((zero - y) / (zero - whole), share)


@pytest.mark.parametrize("name", CHARTS)
def test_chart_of_almost_nothing_says_so_and_is_drawn(name: str) -> None:
    engines = [
        OfflineEngine(toys.company({"a": {}}, [])),
        OfflineEngine(toys.company({"a": {"name": "x" * 200}, "b": {}}, [("a", "b")])),
    ]
    for engine in engines:
        try:
            result = answer(engine, name)
        except DataError as fault:
            assert fault.id == "no-such-field"
            continue
        page = build_chart_scene(name, result, "en", PictureStyle(), FONT)
        check_page(page)
        assert page.title


@pytest.mark.parametrize("name", CHARTS)
def test_chart_twice_gives_the_same_bytes(answers: Mapping[str, Result], name: str) -> None:
    first = render_chart(name, answers[name], "svg", "zh", PictureStyle())
    assert render_chart(name, answers[name], "svg", "zh", PictureStyle()) == first


@pytest.mark.parametrize("format", ["svg", "png", "pdf"])
def test_chart_with_its_font_twice_gives_the_same_bytes(
    answers: Mapping[str, Result], format: str
) -> None:
    name, style = next(iter(CHARTS)), PictureStyle(embed_font=True)
    first = render_chart(name, answers[name], format, "zh", style)
    assert render_chart(name, answers[name], format, "zh", style) == first


def test_report_chart_has_no_title_of_its_own(answers: Mapping[str, Result]) -> None:
    svg = render_report_chart("share-by-year", answers["share-by-year"], "en").decode()
    assert 'class="title"' not in svg and svg.count("<title>") > 1
    assert "<title>New customers by referral, year by year</title>" in svg


def test_unknown_chart_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError) as fault:
        find_chart("whale")
    assert fault.value.id == "unknown-chart"
    done = call("chart", "whale-curv", CASE)
    assert done.code == 2 and "Did you mean whale-curve?" in done.err
    assert call("chart").code == 2


def test_chart_command_writes_by_suffix_and_keeps_the_title(tmp_path: object) -> None:
    done = call("chart", "top-recommenders", CASE, "--title", "Our best", "--no-embed-font")
    assert done.code == 0 and "<title>Our best</title>" in done.out
    target = f"{tmp_path}/share.png"
    assert call("chart", "share-by-year", CASE, "-o", target, "--lang", "zh").code == 0
    with open(target, "rb") as file:
        assert file.read(4) == b"\x89PNG"
