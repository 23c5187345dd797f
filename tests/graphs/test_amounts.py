"""What parties are worth: decimals become whole numbers, and their sums are those of exact arithmetic."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys import company

from refgraph.errors import DataError, UsageError
from refgraph.graphs import build
from refgraph.graphs.amounts import whole
from refgraph.model.scope import Scope

MONEY = st.decimals(-(10**8), 10**8, places=2)
FINE = st.integers(0, 6).flatmap(lambda places: st.decimals(-(10**8), 10**8, places=places))


def places(number: Decimal) -> int:
    """Digits after the point, trailing zeros not counted."""
    exponent = number.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return max(0, -exponent)


def floats(numbers: list[Decimal]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([float(x) for x in numbers], np.float64)


@given(st.lists(FINE, max_size=30))
def test_decimals_become_whole_at_the_least_scale(numbers: list[Decimal]) -> None:
    found, scale = whole(floats(numbers))
    assert scale == 10 ** max(map(places, numbers), default=0)
    assert [int(x) for x in found] == [int(x * scale) for x in numbers]


@given(st.lists(MONEY, max_size=60), st.randoms(use_true_random=False))
def test_sums_are_exact_in_any_order(numbers: list[Decimal], chance: object) -> None:
    chance.shuffle(numbers)  # type: ignore[attr-defined]
    found, scale = whole(floats(numbers))
    assert float(found.sum()) / scale == float(sum(numbers, Decimal(0)))


def test_three_tenths_are_three_tenths() -> None:
    assert 0.1 + 0.1 + 0.1 != 0.3
    found, scale = whole(np.array([0.1, 0.1, 0.1]))
    assert (found.tolist(), scale, found.sum() / scale) == ([1.0, 1.0, 1.0], 10, 0.3)


@pytest.mark.parametrize("numbers", [[1 / 3], [0.5, 1e-7], [1e16], [0.1, 1e15 + 0.5], [float("inf")], [float("nan"), 0.1]])
def test_what_no_scale_can_hold_stays_as_it_is(numbers: list[float]) -> None:
    found, scale = whole(np.array(numbers))
    assert scale == 1
    np.testing.assert_array_equal(found, numbers)


def test_nobody_is_worth_nothing() -> None:
    assert (whole(np.empty(0))[0].size, whole(np.empty(0))[1]) == (0, 1)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.dates(date(2022, 1, 1), date(2025, 12, 31)), MONEY), min_size=1, max_size=25))
def test_orders_in_the_window_add_up_exactly(orders: list[tuple[str, date, Decimal]]) -> None:
    rows: list[dict[str, object]] = [{"customer": c, "at": d.isoformat(), "revenue": r} for c, d, r in dict.fromkeys(orders)]
    since, until = date(2023, 1, 1), date(2024, 12, 31)
    graph = build(company({x: {} for x in "abc"}, [], rows), Scope(since=since, until=until))
    inside = [(c, r) for c, d, r in dict.fromkeys(orders) if since <= d <= until]
    assert graph.value.numbers.tolist() == [float(sum((r for c, r in inside if c == x), Decimal(0))) for x in "abc"]
    assert (graph.value.basis, graph.value.since, graph.value.until) == ("revenue", since, until)


def test_the_value_of_a_column_counts_no_prospect_and_names_what_is_missing() -> None:
    people: dict[str, dict[str, object]] = {
        "a": {"revenue": "0.1", "status": "closed"}, "b": {"status": "closed"}, "c": {"revenue": "0.2", "status": "prospect"},
        "d": {"revenue": "0.2", "status": "closed"},
    }  # fmt: skip
    graph = build(company(people, []), Scope(since=date(2025, 1, 1)))
    assert graph.value.numbers.tolist() == [0.1, 0.0, 0.0, 0.2]
    assert graph.value.whole.sum() / graph.value.scale == 0.3
    assert graph.value.missing == 1
    assert [n.id for n in graph.notes] == ["note.value-missing", "note.value-not-windowed"]


def test_the_basis_is_the_first_recorded_or_the_one_asked_for() -> None:
    data = company({"a": {"volume": 2, "profit": 1}}, [])
    assert build(data, Scope()).value.basis == "profit"
    assert build(data, Scope(value="volume")).value.numbers.tolist() == [2.0]
    assert build(company({"a": {}}, []), Scope()).value.basis == "customers"
    with pytest.raises(DataError) as lacking:
        build(data, Scope(value="revenue"))
    assert lacking.value.id == "value-not-recorded"
    with pytest.raises(UsageError) as unknown:
        build(data, Scope(value="love"))
    assert unknown.value.id == "unknown-value"
