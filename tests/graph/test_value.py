"""Values: decimals become whole numbers, and their sums are those of exact arithmetic."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.toys import company

from refgraph.errors import DataError, UsageError
from refgraph.graph import build_graph
from refgraph.graph.value import to_exact_integers
from refgraph.model.scope import Scope

MONEY = st.decimals(-(10**8), 10**8, places=2)
UP_TO_SIX_PLACES = st.integers(0, 6).flatmap(lambda k: st.decimals(-(10**8), 10**8, places=k))
ORDER = st.tuples(st.sampled_from("abc"), st.dates(date(2022, 1, 1), date(2025, 12, 31)), MONEY)


def count_decimals(number: Decimal) -> int:
    """Digits after the point, without trailing zeros."""
    exponent = number.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return max(0, -exponent)


def to_floats(numbers: list[Decimal]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([float(x) for x in numbers], np.float64)


@given(st.lists(UP_TO_SIX_PLACES, max_size=30))
def test_to_exact_integers_of_decimals_uses_the_least_scale(numbers: list[Decimal]) -> None:
    scaled, scale = to_exact_integers(to_floats(numbers))
    assert scale == 10 ** max(map(count_decimals, numbers), default=0)
    assert [int(x) for x in scaled] == [int(x * scale) for x in numbers]


@given(st.lists(MONEY, max_size=60), st.randoms(use_true_random=False))
def test_to_exact_integers_in_any_order_gives_exact_sums(
    numbers: list[Decimal], dice: random.Random
) -> None:
    dice.shuffle(numbers)
    scaled, scale = to_exact_integers(to_floats(numbers))
    assert float(scaled.sum()) / scale == float(sum(numbers, Decimal(0)))


def test_to_exact_integers_of_three_tenths_sums_to_three_tenths() -> None:
    assert 0.1 + 0.1 + 0.1 != 0.3
    scaled, scale = to_exact_integers(np.array([0.1, 0.1, 0.1]))
    assert (scaled.tolist(), scale, scaled.sum() / scale) == ([1.0, 1.0, 1.0], 10, 0.3)


@pytest.mark.parametrize(
    "numbers",
    [[1 / 3], [0.5, 1e-7], [1e16], [0.1, 1e15 + 0.5], [float("inf")], [float("nan"), 0.1]],
)
def test_to_exact_integers_without_a_fitting_scale_changes_nothing(numbers: list[float]) -> None:
    scaled, scale = to_exact_integers(np.array(numbers))
    assert scale == 1
    np.testing.assert_array_equal(scaled, numbers)


def test_to_exact_integers_of_empty_array_is_empty() -> None:
    scaled, scale = to_exact_integers(np.empty(0))
    assert (scaled.size, scale) == (0, 1)


@given(st.lists(ORDER, min_size=1, max_size=25))
def test_value_of_orders_is_their_exact_sum_in_the_window(
    orders: list[tuple[str, date, Decimal]],
) -> None:
    orders = list(dict.fromkeys(orders))
    rows: list[dict[str, object]] = [
        {"customer": customer, "at": day.isoformat(), "revenue": revenue}
        for customer, day, revenue in orders
    ]
    since, until = date(2023, 1, 1), date(2024, 12, 31)
    graph = build_graph(company({x: {} for x in "abc"}, [], rows), Scope(since=since, until=until))
    expected = dict.fromkeys("abc", Decimal(0))
    for customer, day, revenue in orders:
        if since <= day <= until:
            expected[customer] += revenue
    assert graph.value.numbers.tolist() == [float(x) for x in expected.values()]
    assert (graph.value.basis, graph.value.since, graph.value.until) == ("revenue", since, until)


def test_value_of_the_customers_column_skips_prospects_and_notes_missing_ones() -> None:
    people: dict[str, dict[str, object]] = {
        "a": {"revenue": "0.1", "status": "closed"},
        "b": {"status": "closed"},
        "c": {"revenue": "0.2", "status": "prospect"},
        "d": {"revenue": "0.2", "status": "closed"},
    }
    graph = build_graph(company(people, []), Scope(since=date(2025, 1, 1)))
    assert graph.value.numbers.tolist() == [0.1, 0.0, 0.0, 0.2]
    assert graph.value.scaled.sum() / graph.value.scale == 0.3
    assert graph.value.missing == 1
    assert [n.id for n in graph.notes] == ["note.value-missing", "note.value-not-windowed"]


def test_value_basis_is_the_requested_or_first_recorded_one() -> None:
    data = company({"a": {"volume": 2, "profit": 1}}, [])
    assert build_graph(data, Scope()).value.basis == "profit"
    assert build_graph(data, Scope(value="volume")).value.numbers.tolist() == [2.0]
    assert build_graph(company({"a": {}}, []), Scope()).value.basis == "customers"


def test_value_basis_not_recorded_or_unknown_raises() -> None:
    data = company({"a": {"volume": 2, "profit": 1}}, [])
    with pytest.raises(DataError) as not_recorded:
        build_graph(data, Scope(value="revenue"))
    assert not_recorded.value.id == "value-not-recorded"
    with pytest.raises(UsageError) as unknown:
        Scope(value="love")
    assert unknown.value.id == "bad-word"


def test_value_of_parties_that_have_not_closed_is_0_whatever_they_ordered() -> None:
    people: dict[str, dict[str, object]] = {
        "closed": {"status": "closed"},
        "prospect": {"status": "prospect"},
        "lost": {"status": "lost"},
        "void": {"status": "void"},
        "odd": {"status": "no such word"},
        "blank": {"status": None},
    }
    orders: list[dict[str, object]] = [
        {"customer": id, "at": "2024-01-01", "revenue": 10**k} for k, id in enumerate(people)
    ]
    graph = build_graph(
        company(people, [("closed", id) for id in list(people)[1:]], orders), Scope()
    )
    values = dict(zip(graph.parties["id"], graph.value.numbers.tolist(), strict=True))
    assert values == dict.fromkeys(people, 0.0) | {"closed": 1.0, "blank": 1e5}
    note = next(note for note in graph.notes if note.id == "note.orders-not-closed")
    assert dict(note.values) == {"orders": 4, "parties": 4}
