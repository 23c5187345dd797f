"""Kaplan-Meier against scipy, a published trial, and a loop in fractions with late entry."""

import math
import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from refgraph.estimates.survival import (
    compute_event_share,
    count_at_risk,
    kaplan_meier,
    median_time,
)

ROWS = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 20), st.booleans()), min_size=1, max_size=40
)
REMISSION = [
    6,
    6,
    6,
    7,
    10,
    13,
    16,
    22,
    23,
    -6,
    -9,
    -10,
    -11,
    -17,
    -19,
    -20,
    -25,
    -32,
    -32,
    -34,
    -35,
]


def compute_by_definition(rows: list[tuple[int, int, bool]]) -> dict[int, Fraction]:
    """Survival at each event time, multiplied up in fractions."""
    watched = [(e if e > 0 else -1, x, had) for e, x, had in rows if e <= 0 or x > e]
    curve, left = {}, Fraction(1)
    for time in sorted({x for _, x, had in watched if had}):
        risk = sum(e < time <= x for e, x, _ in watched)
        left *= 1 - Fraction(sum(x == time and had for _, x, had in watched), risk)
        curve[time] = left
    return curve


@given(ROWS)
def test_kaplan_meier_without_late_entry_equals_scipy(rows: list[tuple[int, int, bool]]) -> None:
    until, had = np.array([x for _, x, _ in rows]), np.array([h for _, _, h in rows])
    curve = kaplan_meier(None, until, had)
    with np.errstate(all="ignore"):
        true = stats.ecdf(stats.CensoredData(uncensored=until[had], right=until[~had])).sf
    assert curve.survival == pytest.approx(true.evaluate(curve.times), abs=1e-12)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        band = true.confidence_interval(method="log-log")
    inside = (curve.survival > 0.0) & (curve.survival < 1.0)
    assert curve.low[inside] == pytest.approx(band.low.evaluate(curve.times[inside]), abs=1e-9)
    assert curve.high[inside] == pytest.approx(band.high.evaluate(curve.times[inside]), abs=1e-9)


@given(ROWS)
def test_kaplan_meier_with_late_entry_follows_definition(rows: list[tuple[int, int, bool]]) -> None:
    entry, until, had = zip(*rows, strict=False)
    curve, true = kaplan_meier(entry, until, had), compute_by_definition(rows)
    assert curve.times.tolist() == list(true)
    assert curve.survival == pytest.approx([float(s) for s in true.values()], abs=1e-12)
    inside = (curve.survival > 0) & (curve.survival < 1)
    low, middle, high = (line[inside] for line in (curve.low, curve.survival, curve.high))
    assert (low <= middle).all() and (middle <= high).all()
    assert np.isnan(curve.low[curve.survival == 0]).all()
    half = [t for t, s in true.items() if s <= Fraction(1, 2)]
    assert median_time(curve)[0] == pytest.approx(half[0] if half else math.nan, nan_ok=True)


@given(ROWS, st.randoms())
def test_kaplan_meier_does_not_depend_on_row_order(
    rows: list[tuple[int, int, bool]], random: object
) -> None:
    shuffled = rows.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = (kaplan_meier(*zip(*r, strict=False)) for r in (rows, shuffled))
    for name in ("times", "survival", "low", "high", "at_risk", "events"):
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes()


def test_kaplan_meier_of_freireich_1963_equals_published_curve() -> None:
    curve = kaplan_meier(None, np.abs(REMISSION), np.array(REMISSION) > 0)
    assert curve.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.survival.round(3).tolist() == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert curve.events.tolist() == [3, 1, 1, 1, 1, 1, 1]
    assert median_time(curve)[:2] == (23.0, 13.0) and math.isnan(median_time(curve)[2])
    share, low, high = compute_event_share(curve, 10)
    assert (round(share, 3), round(low, 3), round(high, 3)) == (0.247, 0.111, 0.497)


def test_median_of_placebo_in_freireich_1963_has_the_published_interval() -> None:
    weeks = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    # Stata's stci for the same trial (Kleinbaum & Klein, Survival Analysis): 8 [4, 11]
    assert median_time(kaplan_meier(None, weeks, [True] * len(weeks))) == (8.0, 4.0, 11.0)


def test_median_and_share_need_enough_at_risk() -> None:
    curve = kaplan_meier(None, np.abs(REMISSION), np.array(REMISSION) > 0)
    assert median_time(curve, 6)[:2] == (23.0, 13.0)  # six at risk at 23, twelve at 13
    assert all(map(math.isnan, median_time(curve, 7)))
    assert compute_event_share(curve, 10, 15) == compute_event_share(curve, 10)
    assert math.isnan(compute_event_share(curve, 10, 16)[0])
    late = kaplan_meier([0, 4, 4, 4], [2, 9, 9, 9], [True, False, False, False])
    assert math.isnan(compute_event_share(late, 8, 2)[0])  # three at risk, but one at the event


def test_kaplan_meier_beyond_the_data_is_nan() -> None:
    curve = kaplan_meier(None, [5, 9], [True, False])
    assert compute_event_share(curve, 3)[0] == 0.0 and math.isnan(compute_event_share(curve, 3)[2])
    assert compute_event_share(curve, 9)[0] == 0.5 and all(
        map(math.isnan, compute_event_share(curve, 9.5))
    )
    assert all(map(math.isnan, compute_event_share(curve, -1)))
    over = kaplan_meier(None, [5, 5], [True, True])
    assert compute_event_share(over, 100)[0] == 1.0 and median_time(over)[0] == 5.0
    nobody = kaplan_meier([], [], [])
    assert all(map(math.isnan, compute_event_share(nobody, 1))) and all(
        map(math.isnan, median_time(nobody))
    )
    never = kaplan_meier(None, [5, 9], [False, False])
    assert (
        never.times.size == 0
        and compute_event_share(never, 4)[0] == 0.0
        and math.isnan(median_time(never)[0])
    )


def test_late_entry_is_not_at_risk_before_entering() -> None:
    curve = kaplan_meier([0, 4], [2, 9], [True, False])
    assert curve.at_risk.tolist() == [1] and curve.survival.tolist() == [0.0]
    assert count_at_risk([-math.inf, 4], [2, 9], [0, 2, 4, 5, 9, 10]).tolist() == [1, 1, 0, 1, 1, 0]
    assert kaplan_meier([3], [3], [True]).times.size == 0


@pytest.mark.parametrize(
    "arguments",
    [
        (None, [1, math.nan], [True, True]),
        (None, [1], [True, True]),
        ([math.nan], [1], [True]),
        (None, [-1], [True]),
        ([0, 0], [1], [True]),
        (None, [1], [True], 1.5),
    ],
)
def test_kaplan_meier_with_impossible_arguments_is_refused(arguments: tuple[object, ...]) -> None:
    with pytest.raises(ValueError):
        kaplan_meier(*arguments)  # type: ignore[arg-type]
