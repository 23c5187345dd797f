"""Companies at the edges of what can be computed: right or unknown, and never a warning."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable

import pytest
from support import examples, toys

from refgraph import analyses, pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import RefgraphError
from refgraph.model.dataset import Dataset
from refgraph.model.result import Result
from refgraph.model.scope import Scope
from refgraph.reports.periods import PeriodLength
from refgraph.reports.timeline import compute_timeline
from refgraph.texts import format_message

PAIRS = [("a", "b"), ("a", "c"), ("b", "d")]


def build_valued(amounts: tuple[object, ...], field: str = "revenue") -> Dataset:
    """Four customers with dates; one order of each."""
    people: dict[str, dict[str, object]] = {
        x: {"joined": f"20{10 + k}-01-01", "sector": "x", "status": "closed"}
        for k, x in enumerate("abcd")
    }
    orders = [
        {"customer": x, "at": f"2020-0{k + 1}-01", field: amount}
        for k, (x, amount) in enumerate(zip("abcd", amounts, strict=True))
    ]
    arcs = [{"referrer": u, "referred": v, "at": "2015-05-05"} for u, v in PAIRS]
    return toys.company(people, arcs, orders)


def build_huge() -> Dataset:
    return toys.worth({x: "1e308" for x in "abcd"}, PAIRS)


def build_dated(year: str, last_day: str) -> Dataset:
    """Everything happens within one year; the last order is on a day of it."""
    people: dict[str, dict[str, object]] = {
        x: {"joined": f"{year}-01-0{k + 1}", "sector": "x", "status": "closed"}
        for k, x in enumerate("abcd")
    }
    people["d"] |= {"left": f"{year}-{last_day}"}
    days = [f"{year}-0{k + 1}-01" for k in range(3)] + [f"{year}-{last_day}"]
    orders = [
        {"customer": x, "at": day, "revenue": 5, "product": "p"}
        for x, day in zip("abcc", days, strict=True)
    ]
    arcs = [{"referrer": u, "referred": v, "at": f"{year}-01-05"} for u, v in PAIRS]
    return toys.company(people, arcs, orders)


COMPANIES: dict[str, Callable[[], Dataset]] = {
    "empty": toys.empty,
    "one customer": toys.single,
    "huge values": build_huge,
    "huge orders": lambda: build_valued(("1e308", "1e308", "1e308", "-1e308")),
    "large orders": lambda: build_valued(("9e59", "9e59", "9e59", "-9e59")),
    "total below zero": lambda: toys.worth({"a": -10, "b": 4, "c": 1, "d": -7}, PAIRS),
    "orders below zero": lambda: build_valued((-10, 4, 1, -7), "profit"),
    "total of zero": lambda: toys.worth({"a": -10, "b": 10, "c": 0, "d": 0}, PAIRS),
    "no dates": lambda: toys.worth({"a": 3, "b": 2, "c": 1, "d": 0}, PAIRS),
    "the first year": lambda: build_dated("0001", "11-30"),
    "the last year": lambda: build_dated("9999", "12-31"),
    "no value": lambda: toys.company({x: {} for x in "abcd"}, PAIRS),
}


def run_all(company: str) -> dict[str, Result]:
    """Every analysis that answers; the others refuse with two lines."""
    engine = OfflineEngine(COMPANIES[company]())
    results = {}
    for name in analyses.NAMES:
        try:
            parameters = examples.get_parameters(name, engine)
            results[name] = pipeline.run(engine, name, parameters)
        except (RefgraphError, IndexError) as error:
            assert company in ("empty", "one customer"), f"{name}: {error}"
    return results


@pytest.mark.parametrize("company", COMPANIES)
def test_edge_companies_every_analysis_gives_no_warning_and_no_infinity(company: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        results = run_all(company)
    for name, result in results.items():
        for lang in ("en", "zh"):
            for text in (result.headline, *result.notes):
                words = format_message(text, lang).split()
                assert not {"nan", "inf", "-inf"} & set(words), name
        for column in result.frame:
            if column.dtype.is_float():
                numbers = column.drop_nulls().to_list()
                assert all(math.isfinite(x) for x in numbers), f"{name}.{column.name}"


@pytest.mark.parametrize("every", ["year", "quarter", "month"])
@pytest.mark.parametrize("company", ["the first year", "the last year"])
def test_timeline_reaches_both_ends_of_the_calendar(company: str, every: PeriodLength) -> None:
    engine = OfflineEngine(COMPANIES[company]())
    frame = compute_timeline(engine, "effect", {}, Scope(), every).frame
    periods = {"year": 1, "quarter": 4, "month": 12 if "last" in company else 11}
    assert frame["period"].n_unique() == periods[every]


def test_orders_of_the_first_year_are_those_of_the_last_12_months() -> None:
    engine = OfflineEngine(COMPANIES["the first year"]())
    row = pipeline.run(engine, "without", {"of": ("c",)}).frame.row(0, named=True)
    assert (row["value"], row["last_12_months"]) == (10.0, 10.0)


def test_value_of_1e308_is_unknown_and_reported() -> None:
    data = build_huge()
    assert data.rejects["code"].to_list() == ["number-too-large"] * 4


def test_effect_total_below_zero_is_undefined_not_unrecorded() -> None:
    engine = OfflineEngine(toys.worth({"a": -10, "b": 4}, [("a", "b")]))
    result = pipeline.run(engine, "effect")
    worth = result.headline.values["worth"]
    assert worth.id == "headline.effect-value-undefined"
    assert worth.values["total"].number == -6.0
    assert result.frame["value_share"].to_list() == [None] * 3
    assert [n.values["total"].number for n in result.notes if n.id == "note.value-total"] == [-6.0]


def test_effect_negative_part_says_that_shares_leave_their_range() -> None:
    engine = OfflineEngine(toys.worth({"a": 100, "b": -20}, [("a", "b")]))
    result = pipeline.run(engine, "effect")
    assert result.frame["value_share"][0] == -0.25
    assert [n.values for n in result.notes if n.id == "note.value-negative"] == [{"customers": 1}]


def test_no_source_column_gives_no_bound_anywhere() -> None:
    engine = OfflineEngine(toys.worth({"a": 3, "b": 2, "c": 1}, [("a", "b"), ("a", "c")]))
    effect = pipeline.run(engine, "effect").frame
    for column in ("unknown", "bound_low", "bound_high"):
        assert effect[column].null_count() == 3
    asked = pipeline.run(engine, "missing-sources")
    assert asked.headline.id == "headline.missing-sources-unbounded"
    assert asked.headline.values["asked"] == 1
    for column in ("narrows", "narrows_value", "open_share", "open_value_share"):
        assert asked.frame[column].null_count() == asked.frame.height == 1


@pytest.mark.parametrize(
    ("worth", "phrase", "by"),
    [
        ((30, 10, 0, 0), "phrase.credit-over", 0.25),
        ((30, -10, 1, 6), "phrase.credit-under", 4 / 27),
        ((10, -40, 1, 6), "phrase.credit-undefined-under", 34.0),
        ((-10, 4, 0, 0), "phrase.credit-undefined-over", 4.0),
        ((30, -6, 1, 6), "phrase.credit-equal", None),
    ],
)
def test_credit_difference_of_ecr_is_reported_in_both_directions(
    worth: tuple[int, ...], phrase: str, by: float | None
) -> None:
    data = toys.worth(dict(zip("abcd", worth, strict=True)), [("a", "b"), ("c", "d")])
    headline = pipeline.run(OfflineEngine(data), "credit").headline
    surplus = headline.values["surplus"]
    assert surplus.id == phrase
    found = surplus.values.get("by")
    assert getattr(found, "number", found) == pytest.approx(by)
