"""`compare_periods` for every analysis: rows matched by keys, values of both answers."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import NamedTuple

import polars as pl
import pytest
from support import toys
from support.examples import get_parameters

from refgraph import analyses, pipeline, renderers
from refgraph.engines.offline import OfflineEngine
from refgraph.model.message import Message
from refgraph.model.result import Result
from refgraph.model.scope import Scope
from refgraph.reports.comparison import compare_periods
from refgraph.texts import LANGUAGES, format_message, get_column_meaning, get_column_title

THEN = Scope(as_of=date(2024, 12, 31), since=date(2024, 1, 1), until=date(2024, 12, 31))
NOW = Scope(as_of=date(2025, 12, 31))
EVERY_ANALYSIS = pytest.mark.parametrize("name", analyses.NAMES)
Key = tuple[object, ...]


class Comparison(NamedTuple):
    """An answer for 2024, one as of the end of 2025, and the comparison of both."""

    keys: list[str]
    old: pl.DataFrame
    new: pl.DataFrame
    result: Result


@pytest.fixture
def comparison(name: str, case: OfflineEngine) -> Comparison:
    return compare_case(name, case)


@cache
def compare_case(name: str, case: OfflineEngine) -> Comparison:
    """The answers of one analysis, for every test of it."""
    parameters = get_parameters(name, case)
    return Comparison(
        list(analyses.load(name).keys),
        pipeline.run(case, name, parameters, THEN).frame,
        pipeline.run(case, name, parameters, NOW).frame,
        compare_periods(case, name, "2024", "2025-12-31", parameters),
    )


def index_by_keys(frame: pl.DataFrame, keys: list[str], column: str) -> dict[Key, object]:
    return dict(zip(frame.select(keys).rows(), frame[column], strict=True))


@EVERY_ANALYSIS
def test_comparison_marks_rows_as_new_gone_or_same(comparison: Comparison) -> None:
    keys, old, new, result = comparison
    then, now = set(old.select(keys).rows()), set(new.select(keys).rows())
    assert (len(then), len(now)) == (old.height, new.height)
    changes = index_by_keys(result.frame, keys, "change")
    assert len(changes) == result.frame.height
    assert changes == {
        **dict.fromkeys(now - then, "new"),
        **dict.fromkeys(then - now, "gone"),
        **dict.fromkeys(then & now, "same"),
    }


@EVERY_ANALYSIS
def test_comparison_of_a_number_has_both_values_and_their_difference(
    comparison: Comparison,
) -> None:
    keys, old, new, result = comparison
    for column in set(new.columns) - {*keys, "rank"}:
        if f"{column}_change" not in result.frame.columns:
            continue
        before, after = (index_by_keys(frame, keys, column) for frame in (old, new))
        for row in result.frame.iter_rows(named=True):
            key = tuple(row[k] for k in keys)
            then, now = row[f"{column}_then"], row[f"{column}_now"]
            assert (then, now) == (before.get(key), after.get(key))
            expected = None if then is None or now is None else now - then
            assert row[f"{column}_change"] == expected


@EVERY_ANALYSIS
def test_comparison_speaks_both_languages(comparison: Comparison) -> None:
    result = comparison.result
    for lang in LANGUAGES:
        assert format_message(result.headline, lang)
        for column in result.columns:
            assert get_column_title(column.text, lang) and get_column_meaning(column.text, lang)
        assert renderers.render(result, "md", lang)


@EVERY_ANALYSIS
@pytest.mark.parametrize("toy", ["loop", "chain", "unicode"])
def test_comparison_of_toys_has_the_columns_that_it_declares(name: str, toy: str) -> None:
    engine = toys.open_toy(toy)
    result = compare_periods(engine, name, "2020", "2022", get_parameters(name, engine))
    assert result.frame.columns == [c.name for c in result.columns]


def test_comparison_of_ranks_counts_rising_as_positive() -> None:
    customers = {id: {"joined": "2019-01-01", "revenue": 1} for id in "abcdef"}
    referrals = [
        {"referrer": "a", "referred": "c", "at": "2020-02-02"},
        {"referrer": "b", "referred": "d", "at": "2021-02-02"},
        {"referrer": "b", "referred": "e", "at": "2021-03-03"},
        {"referrer": "f", "referred": "a", "at": "2021-03-03"},
    ]
    engine = OfflineEngine(toys.company(customers, referrals))
    result = compare_periods(engine, "recommenders", "2020-12-31", "2021-12-31", {"by": "direct"})
    columns = ("customer", "change", "rank_then", "rank_now", "rank_change")
    assert result.frame.select(columns).rows() == [
        ("b", "new", None, 1, None),
        ("a", "same", 1, 2, -1),
        ("f", "new", None, 3, None),
    ]
    moved = result.headline.values["moved"]
    assert isinstance(moved, Message) and moved.values["name"] == "a"
