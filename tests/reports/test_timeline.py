"""`compute_timeline` for every analysis: each period equals the analysis of that period alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from support import toys
from support.examples import get_parameters

from refgraph import analyses, pipeline, renderers
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.model.message import Message
from refgraph.model.scope import Scope
from refgraph.reports.timeline import compute_timeline
from refgraph.texts import LANGUAGES, format_message

EVERY_ANALYSIS = pytest.mark.parametrize("name", analyses.NAMES)
POSSIBLE_PERIODS = (["2025", "2024"], ["2025"], ["2024"], [])


@EVERY_ANALYSIS
def test_timeline_of_each_year_equals_the_analysis_of_that_year(
    name: str, case: OfflineEngine
) -> None:
    parameters, scope = get_parameters(name, case), Scope(since=date(2024, 1, 1), count=("staff",))
    timeline = compute_timeline(case, name, parameters, scope, "year").frame
    for year in (2024, 2025):
        first, last = date(year, 1, 1), date(year, 12, 31)
        year_scope = replace(scope, as_of=last, since=first, until=last)
        alone = pipeline.run(case, name, parameters, year_scope).frame
        rows = timeline.filter(pl.col("period") == str(year)).drop("period")
        assert rows.equals(alone.cast(dict(rows.schema)))
    assert timeline["period"].unique(maintain_order=True).to_list() in POSSIBLE_PERIODS


@EVERY_ANALYSIS
def test_timeline_of_every_analysis_renders_in_both_languages(
    name: str, case: OfflineEngine
) -> None:
    timeline = compute_timeline(
        case, name, get_parameters(name, case), Scope(since=date(2025, 1, 1))
    )
    assert timeline.frame.columns == [c.name for c in timeline.columns]
    for lang in LANGUAGES:
        assert format_message(timeline.headline, lang)
        assert renderers.render(timeline, "md", lang)


@EVERY_ANALYSIS
@pytest.mark.parametrize("toy", ["chain", "unicode"])
def test_timeline_without_dates_has_columns_and_no_rows(name: str, toy: str) -> None:
    engine = toys.open_toy(toy)
    timeline = compute_timeline(engine, name, get_parameters(name, engine))
    assert (timeline.headline.id, timeline.frame.height) == ("headline.timeline-none", 0)
    assert timeline.frame.columns == [c.name for c in timeline.columns]


@EVERY_ANALYSIS
def test_timeline_of_cycle_has_the_columns_that_it_declares(name: str) -> None:
    engine = toys.open_toy("loop")
    timeline = compute_timeline(engine, name, get_parameters(name, engine))
    assert timeline.headline.id == "headline.timeline"
    assert timeline.frame.columns == [c.name for c in timeline.columns]


def test_timeline_with_top_limits_the_rows_of_each_period(case: OfflineEngine) -> None:
    scope = Scope(since=date(2022, 1, 1))
    frame = compute_timeline(case, "recommenders", {}, scope, "year", top=2).frame
    assert frame["period"].to_list() == [y for y in ("2025", "2024", "2023", "2022") for _ in "12"]
    assert frame["rank"].to_list() == [1, 2] * 4


def test_timeline_with_too_many_periods_is_refused(case: OfflineEngine) -> None:
    with pytest.raises(UsageError) as error:
        compute_timeline(case, "effect", {}, Scope(since=date(1900, 1, 1)), "month")
    assert error.value.id == "too-many-periods"


def test_timeline_of_one_period_names_it_once(case: OfflineEngine) -> None:
    headline = compute_timeline(case, "effect", {}, Scope(since=date(2025, 1, 1))).headline
    latest = headline.values["latest"]
    assert isinstance(latest, Message)
    for lang, start in (
        ("en", "effect by year, 2025 only: "),
        ("zh", "分析 effect 按年，仅 2025 一期："),
    ):
        assert format_message(headline, lang) == start + format_message(latest, lang)
