"""Charts draw the numbers of their answers: bars, points, steps and cells measured in pixels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from support.picture_checks import texts_of
from support.program import CASE

from refgraph import pipeline
from refgraph.model.result import Result
from refgraph.renderers import fonts
from refgraph.renderers.charts import CHARTS, build_chart_scene
from refgraph.renderers.charts.axes import list_round_numbers
from refgraph.renderers.charts.tree_thumbnails import read_shape
from refgraph.renderers.scene import Lines, Marks, Scene, Texts
from refgraph.renderers.style import PictureStyle
from refgraph.renderers.view import View

FONT = fonts.load_font()


@pytest.fixture(scope="module")
def answers() -> Mapping[str, Result]:
    engine = pipeline.open_source(CASE)
    return {
        name: pipeline.run(engine, chart.analysis, dict(chart.parameters))
        for name, chart in CHARTS.items()
    }


def draw(answers: Mapping[str, Result], name: str, lang: str = "en") -> Scene:
    return build_chart_scene(name, answers[name], lang, PictureStyle(), FONT)


def find_cells(result: Result, column: str, lang: str) -> list[str]:
    names = [c.name for c in result.columns]
    return View(format="svg", lang=lang).format_columns(result)[names.index(column)]


def find_lines(page: Scene, name: str) -> np.ndarray:
    found = [g.points for g in page.groups if isinstance(g, Lines) and g.name == name]
    return np.concatenate(found)


def find_marks(page: Scene, name: str) -> Marks:
    return next(g for g in page.groups if isinstance(g, Marks) and g.name == name)


@pytest.mark.parametrize("name", ["channels", "sectors", "regions"])
def test_bars_and_intervals_of_groups_are_in_proportion(
    answers: Mapping[str, Result], name: str
) -> None:
    page, frame = draw(answers, name), answers[name].frame
    bars, whiskers = find_lines(page, "bar"), find_lines(page, "interval")
    zero = bars[:, 0, 0].min()
    share, low, high = (
        frame[c].to_numpy()[: len(bars)] for c in ("share", "share_low", "share_high")
    )
    unit = (bars[:, 1, 0] - zero).max() / share.max()
    assert np.allclose(bars[:, 1, 0] - zero, share * unit)
    assert np.allclose(whiskers[:, 0, 0] - zero, low * unit)
    assert np.allclose(whiskers[:, 1, 0] - zero, high * unit)
    shares = find_cells(answers[name], "share", "en")
    for text, value in zip(texts_of(page, "value"), shares, strict=False):
        assert text.startswith(value)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_joins_and_referrals_are_those_of_the_years(
    answers: Mapping[str, Result], lang: str
) -> None:
    page, frame = draw(answers, "joins-by-year", lang), answers["joins-by-year"].frame
    years = texts_of(page, "year")
    assert years == frame["year"].to_list()[::-1]
    counts = [*frame["new_customers"][::-1], *frame["referrals"][::-1]]
    assert texts_of(page, "value") == [str(count) for count in counts]


def test_stacked_bars_add_up_to_the_new_customers(answers: Mapping[str, Result]) -> None:
    page, frame = draw(answers, "joins-by-year"), answers["joins-by-year"].frame
    bars = [g for g in page.groups if isinstance(g, Lines) and g.name == "bar"]
    joins = np.concatenate([g.points for g in bars[:3]])
    heights = joins[:, 2, 1] - joins[:, 0, 1]
    total = {x: heights[np.isclose(joins[:, 0, 0], x)].sum() for x in np.unique(joins[:, 0, 0])}
    expected = frame["new_customers"].to_numpy()[::-1]
    drawn = np.array([total[x] for x in sorted(total)])
    assert np.allclose(drawn / drawn[0], expected[expected > 0] / expected[expected > 0][0])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_funnel_shows_the_conversion_of_the_table(answers: Mapping[str, Result], lang: str) -> None:
    page = draw(answers, "funnel", lang)
    assert texts_of(page, "name") == find_cells(answers["funnel"], "group", lang)
    for column in ("conversion", "conversion_low", "conversion_high", "parties"):
        cells = find_cells(answers["funnel"], column, lang)
        for text, cell in zip(texts_of(page, "value"), cells, strict=True):
            assert cell in text
    stages = ("closed", "negotiating", "contacted", "prospect", "lost")
    known = {cell for stage in stages for cell in find_cells(answers["funnel"], stage, lang)}
    assert set(texts_of(page, "count")) <= known


def test_chain_bars_count_the_chains(answers: Mapping[str, Result]) -> None:
    page = draw(answers, "chain-lengths")
    counts = Counter(answers["chain-lengths"].frame["length"])
    assert texts_of(page, "length") == [str(k) for k in range(1, max(counts) + 1)]
    assert texts_of(page, "value") == [str(counts[k]) for k in range(1, max(counts) + 1)]


def test_cells_of_the_flow_matrix_are_the_pairs_of_the_answer(
    answers: Mapping[str, Result],
) -> None:
    frame, page = answers["flow-matrix"].frame, draw(answers, "flow-matrix")
    cells = [text.split(" (") for text in texts_of(page, "value")]
    assert sum(int(cell[0]) for cell in cells) == frame["referrals"].sum()
    drawn = Counter(f"{cell[0]} ({cell[1]}" for cell in cells if len(cell) == 2)
    rows = frame.select("referrals", "expected").rows()
    assert drawn == Counter(f"{n} ({expected:.1f})" for n, expected in rows)


def test_points_against_chance_stand_at_their_numbers(answers: Mapping[str, Result]) -> None:
    frame, page = answers["chance-ranks"].frame, draw(answers, "chance-ranks")
    grid = find_lines(page, "grid")
    above, rest = find_marks(page, "point-above"), find_marks(page, "point")
    y = np.concatenate((above.y, rest.y))[np.argsort(np.concatenate((above.x, rest.x)))]
    top = float(grid[-1, 0, 1])
    zero = float(grid[0, 0, 1])
    numbers = list_round_numbers(float(frame["occasions"].max()), is_whole=True)
    assert np.allclose((zero - y) / (zero - top) * numbers[-1], frame["occasions"].to_numpy())
    assert texts_of(page, "name") == frame.filter("above_chance")["name"].to_list()


def test_names_on_the_quadrants_begin_with_the_hidden_key_account(
    answers: Mapping[str, Result],
) -> None:
    frame, page = answers["quadrants"].frame, draw(answers, "quadrants")
    hidden = frame.filter("hidden")["name"].to_list()
    assert texts_of(page, "name")[: len(hidden)] == hidden
    points = sum(len(g) for g in page.groups if isinstance(g, Marks) and g.name != "legend-mark")
    assert points == frame.height
    champion = find_marks(page, "champion")
    own = frame.filter(pl.col("quadrant") == "champion", ~pl.col("hidden"))["own_value"].to_numpy()
    slope = np.diff(champion.x) / np.diff(np.log10(own))
    assert np.allclose(slope, slope[0])


def test_curve_agrees_with_the_brackets_of_its_table(answers: Mapping[str, Result]) -> None:
    result, page = answers["time-to-refer"], draw(answers, "time-to-refer")
    points = dict(result.frame.select("years", "referred").rows())
    plain = pipeline.run(pipeline.open_source(CASE), "time-to-refer").frame
    for bracket, years in (("0-1", 1.0), ("1-3", 3.0), ("3-5", 5.0), ("5-10", 10.0)):
        row = plain.row(by_predicate=pl.col("tenure") == bracket, named=True)
        assert points[years] == pytest.approx(row["referred_by_then"], abs=1e-12)
    curve, grid = find_lines(page, "curve")[0], find_lines(page, "grid")
    zero, whole = grid[0, 0, 1], grid[-1, 0, 1]
    known = [share for share in result.frame["referred"] if share is not None]
    assert np.allclose((zero - curve[::2, 1]) / (zero - whole), known)
    at_risk = dict(result.frame.select("years", "at_risk").rows())
    shown = [float(text) for text in texts_of(page, "axis") if text.isdigit()]
    assert texts_of(page, "at-risk") == [str(at_risk[years]) for years in shown]


def test_unknown_curves_are_unknown_in_words(answers: Mapping[str, Result]) -> None:
    assert texts_of(draw(answers, "retention"), "value")[0].startswith("Unknown: ")
    assert texts_of(draw(answers, "retention", "zh"), "value")[0].startswith("未知")


def test_thumbnails_draw_every_party_of_the_largest_trees(answers: Mapping[str, Result]) -> None:
    frame, page = answers["largest-trees"].frame, draw(answers, "largest-trees")
    largest = frame.sort("parties", descending=True, maintain_order=True).head(12)
    dots = sum(len(g) for g in page.groups if isinstance(g, Marks) and g.name != "legend-mark")
    assert dots == largest["parties"].sum()
    closed = sum(len(g) for g in page.groups if isinstance(g, Marks) and g.name == "closed")
    assert closed == largest["customers"].sum()
    assert texts_of(page, "name") == largest["name"].to_list()


def test_a_shape_is_read_back_as_its_tree() -> None:
    parent, is_closed = read_shape("3* 0 2* 1* 0* 0 0*")
    assert parent.tolist() == [-1, 0, 0, 2, 2, 0, 5]
    assert is_closed.tolist() == [True, False, True, True, False, True, True]


@pytest.mark.parametrize(("most", "last"), [(0.0, 1.0), (0.37, 0.4), (8.0, 8.0), (47.0, 50.0)])
def test_round_numbers_reach_the_largest(most: float, last: float) -> None:
    numbers = list_round_numbers(most)
    assert numbers[-1] == pytest.approx(last) and 2 <= len(numbers) <= 7


def test_every_text_of_a_chart_is_large_enough_for_a_slide(answers: Mapping[str, Result]) -> None:
    for name in CHARTS:
        page = draw(answers, name)
        assert min(g.size for g in page.groups if isinstance(g, Texts) and len(g)) >= 16, name


def test_no_interval_hides_another_curve(answers: Mapping[str, Result]) -> None:
    shares = {"staying": 0.9, "staying_low": 0.8, "staying_high": 0.95}
    frame = answers["retention"].frame.with_columns(**{k: pl.lit(v) for k, v in shares.items()})
    result = replace(answers["retention"], frame=frame)
    page = build_chart_scene("retention", result, "en", PictureStyle(), FONT)
    names = [g.name for g in page.groups if isinstance(g, Lines) and len(g)]
    assert "band" not in names and names.count("curve") == 4
    assert max(k for k, name in enumerate(names) if name == "limit") < names.index("curve")


@pytest.mark.parametrize("name", ["sectors", "regions"])
def test_title_of_referral_shares_is_about_what_is_drawn(
    answers: Mapping[str, Result], name: str
) -> None:
    result = answers[name]
    rows = [row for row in result.frame.to_dicts() if row["segment"] != "not_recorded"]
    largest = max(rows, key=lambda row: row["customers"])
    title = draw(answers, name).title
    start = f"{result.frame['referred'].sum()} of {result.frame['customers'].sum()} customers"
    assert title.startswith(start)
    assert f"{largest['segment']}, {largest['referred']} of {largest['customers']} were" in title
    low, high = (f"{100 * largest[end]:.1f}" for end in ("share_low", "share_high"))
    assert f"95 % confidence interval {low}–{high}" in title
    assert "worth" not in title
    hidden = replace(result, frame=result.frame.with_columns(referred=pl.lit(None, pl.Int64)))
    page = build_chart_scene(name, hidden, "en", PictureStyle(), FONT)
    assert page.title == View(format="svg", lang="en").say(result.headline)
