"""`timeline` and `changes` for every analysis, on toys and the classic case: each period equals the analysis asked alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import toys
from examples import given
from refgraph import analyses, flow, renderers
from refgraph.engines.offline import Offline
from refgraph.errors import UsageError
from refgraph.flow.changes import changes
from refgraph.flow.spans import cut, named
from refgraph.flow.timeline import timeline
from refgraph.model.scope import Scope
from refgraph.texts import LANGUAGES, meaning, say, title

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
EACH = pytest.mark.parametrize("name", analyses.NAMES)
DATED = {"loop": toys.loop, "chain": toys.chain, "unicode": toys.unicode}


@pytest.fixture(scope="module")
def case() -> Offline:
    return flow.open_source(CASE)


@EACH
def test_each_period_is_the_analysis_asked_alone(name: str, case: Offline) -> None:
    asked, scope = given(name, case), Scope(since=date(2024, 1, 1), count=("staff",))
    whole = timeline(case, name, asked, scope, "year")
    for year, last in (("2025", date(2025, 12, 31)), ("2024", date(2024, 12, 31))):
        alone = flow.run(case, name, asked, replace(scope, as_of=last, since=date(int(year), 1, 1), until=last))
        assert whole.frame.filter(pl.col("period") == year).drop("period").equals(alone.frame.cast(dict(whole.frame.drop(
            "period").schema)))  # fmt: skip
    assert whole.frame.columns == [c.name for c in whole.columns]
    assert whole.frame["period"].unique(maintain_order=True).to_list() in (["2025", "2024"], ["2025"], ["2024"], [])
    assert all(say(whole.headline, lang) and renderers.render(whole, "md", lang) for lang in LANGUAGES)


@EACH
def test_changes_pair_the_rows_of_two_years(name: str, case: Offline) -> None:
    asked, keys = given(name, case), list(analyses.load(name).keys)
    result = changes(case, name, "2024", "2025-12-31", asked)
    old = flow.run(case, name, asked, Scope(as_of=date(2024, 12, 31), since=date(2024, 1, 1), until=date(2024, 12, 31))).frame
    new = flow.run(case, name, asked, Scope(as_of=date(2025, 12, 31))).frame
    for frame in (old, new):
        assert not frame.select(keys).is_duplicated().any()
    rows = result.frame
    then, now = (set(frame.select(keys).rows()) for frame in (old, new))
    assert set(rows.select(keys).rows()) == then | now and rows.height == len(then | now)
    for word, members in (("new", now - then), ("gone", then - now), ("same", then & now)):
        assert set(rows.filter(pl.col("change") == word).select(keys).rows()) == members
    for column in [c for c in new.columns if f"{c}_change" in rows.columns and c not in keys and c != "rank"]:
        was, is_ = (dict(zip(f.select(keys).rows(), f[column], strict=True)) for f in (old, new))
        for key, a, b, gap in zip(rows.select(keys).rows(), rows[f"{column}_then"], rows[f"{column}_now"], rows[f"{column}_change"],
                                  strict=True):  # fmt: skip
            assert (a, b) == (was.get(key), is_.get(key))
            assert gap == (None if a is None or b is None else b - a)
    for lang in LANGUAGES:
        assert say(result.headline, lang)
        assert all(title(c.text, lang) and meaning(c.text, lang) for c in result.columns)
        assert renderers.render(result, "md", lang)


@EACH
@pytest.mark.parametrize("toy", DATED)
def test_toys_have_periods_or_say_that_they_have_none(name: str, toy: str) -> None:
    engine = Offline(DATED[toy]())
    asked = given(name, engine)
    whole = timeline(engine, name, asked)
    assert say(whole.headline, "en")
    assert whole.frame.columns == [c.name for c in whole.columns]
    if toy != "loop":
        assert (whole.headline.id, whole.frame.height) == ("headline.timeline-none", 0)
    both = changes(engine, name, "2020", "2022", asked)
    assert both.frame.columns == [c.name for c in both.columns]


def test_ranks_risen_and_fallen() -> None:
    people = {x: {"joined": "2019-01-01", "revenue": 1} for x in "abcdef"}
    told = [{"referrer": u, "referred": v, "at": d} for u, v, d in (
        ("a", "c", "2020-02-02"), ("b", "d", "2021-02-02"), ("b", "e", "2021-03-03"), ("f", "a", "2021-03-03"))]  # fmt: skip
    result = changes(Offline(toys.company(people, told)), "recommenders", "2020-12-31", "2021-12-31", {"by": "direct"})
    rows = {r["customer"]: (r["change"], r["rank_then"], r["rank_now"], r["rank_change"]) for r in result.frame.to_dicts()}
    assert rows == {"b": ("new", None, 1, None), "a": ("same", 1, 2, -1), "f": ("new", None, 3, None)}
    assert result.headline.values["moved"].values["name"] == "a"  # type: ignore[attr-defined]


def test_top_is_of_each_period(case: Offline) -> None:
    frame = timeline(case, "recommenders", {}, Scope(since=date(2022, 1, 1)), "year", top=2).frame
    assert frame["period"].to_list() == [y for y in ("2025", "2024", "2023", "2022") for _ in range(2)]
    assert frame["rank"].to_list() == [1, 2] * 4


@pytest.mark.parametrize(("every", "labels"), [
    ("year", ["2023", "2024"]), ("quarter", ["2023-Q4", "2024-Q1"]), ("month", ["2023-12", "2024-01", "2024-02"])])
def test_periods_of_the_calendar(every: str, labels: list[str]) -> None:
    spans = cut(date(2023, 12, 30), date(2024, 2, 29), every)  # type: ignore[arg-type]
    assert [s.label for s in spans] == labels
    assert spans[-1].until == date(2024, 2, 29)
    assert all(a.until.toordinal() + 1 == b.since.toordinal() for a, b in zip(spans, spans[1:], strict=False) if b.since)


@pytest.mark.parametrize(("text", "since", "until"), [
    ("2024", date(2024, 1, 1), date(2024, 12, 31)), ("2024-Q3", date(2024, 7, 1), date(2024, 9, 30)),
    ("2024-q1", date(2024, 1, 1), date(2024, 3, 31)), ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    ("2024-02-29", None, date(2024, 2, 29))])
def test_periods_as_people_name_them(text: str, since: date | None, until: date) -> None:
    span = named(text, "then")
    assert (span.since, span.until) == (since, until)


@pytest.mark.parametrize("text", ["", "2024-13", "2024-Q5", "2023-02-29", "last year", "24", "2024-00", "0000"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(UsageError) as error:
        named(text, "now")
    assert (error.value.id, error.value.values["option"]) == ("bad-span", "now")


def test_too_many_periods(case: Offline) -> None:
    with pytest.raises(UsageError) as error:
        timeline(case, "effect", {}, Scope(since=date(1900, 1, 1)), "month")
    assert error.value.id == "too-many-periods"
