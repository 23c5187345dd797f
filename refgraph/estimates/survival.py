"""Time to an event that not everyone has had yet (M5): Kaplan-Meier with late entry."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from refgraph.estimates.normal import critical_value

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MIN_AT_RISK = 10
"""Fewer at risk than this say nothing about a share by then, or about a median."""


@dataclass(frozen=True)
class SurvivalCurve:
    """A Kaplan-Meier curve. times: float64, ascending, those with an event.

    Each value holds from its time until the next one.
    survival: share without the event, 0..1; low, high: its log-log band, nan where survival is 0 or
    1 exactly; at_risk, events: int64; horizon: longest follow-up, nan if nobody was followed.
    entry, exit: of those watched, -inf = from joining on. place: int64, which these are among those
    given. Times in the unit given (days).
    """

    times: Floats
    survival: Floats
    low: Floats
    high: Floats
    at_risk: Ints
    events: Ints
    horizon: float
    entry: Floats
    exit: Floats
    place: Ints


def kaplan_meier(
    entry: ArrayLike | None, exit: ArrayLike, event: ArrayLike, confidence: float = 0.95
) -> SurvivalCurve:
    """Share that has not had the event by each time, from customers watched from `entry` to `exit`.

    Formula: S(t) = product over event times t_i <= t of (1 - d_i / n_i), n_i = those with entry <
    t_i <= exit (Kaplan & Meier 1958; late entry: Tsai, Jewell & Wang 1987); band S^exp(-+ z s), s^2
    = sum of d_i / (n_i (n_i - d_i)) / (ln S)^2 (Greenwood 1926; Kalbfleisch & Prentice 1980). exit:
    [n], time since joining when watching ended; event: [n] yes-no, whether by the event; entry:
    [n], time since joining when watching began, 0 or less or None = from joining on (then watched
    at time 0 too). A customer with exit <= entry, entry > 0, was never watched and does not count.
    With late entries few may be watched early: where all of them have the event at once, the curve
    stays at 0. Range: 0..1, a share. Raises ValueError for nan, different lengths, or exit below 0.

    Worked: times 1, 2+, 3, 4+ (+ = not yet): 0.75 from 1 on, 0.375 from 3 on.

    >>> curve = kaplan_meier(None, [1, 2, 3, 4], [True, False, True, False])
    >>> curve.times.tolist(), curve.survival.tolist()
    ([1.0, 3.0], [0.75, 0.375])
    """
    z = critical_value(confidence)
    until, had = np.asarray(exit, np.float64), np.asarray(event).astype(np.bool_)
    since = np.zeros(until.shape) if entry is None else np.asarray(entry, np.float64)
    if not since.shape == until.shape == had.shape or not bool(
        np.all((until >= 0.0) & (since < np.inf))
    ):
        raise ValueError(
            "entry, exit and event need one length, times must be numbers and exit at least 0"
        )
    since = np.where(since <= 0.0, -np.inf, since)
    watched = since < until
    place = np.flatnonzero(watched)
    since, until, had = since[watched], until[watched], had[watched]
    times, events = np.unique(until[had], return_counts=True)
    risk = count_at_risk(since, until, times)
    survival: Floats = np.cumprod((risk - events) / risk, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(events / (risk * (risk - events)))) / np.abs(np.log(survival))
        low, high = survival ** np.exp(z * spread), survival ** np.exp(-z * spread)
    low[survival == 0.0] = high[survival == 0.0] = np.nan
    horizon = float(until.max()) if until.size else np.nan
    return SurvivalCurve(times, survival, low, high, risk, events, horizon, since, until, place)


def count_at_risk(entry: ArrayLike, exit: ArrayLike, times: ArrayLike) -> Ints:
    """How many are watched at each time, those with entry < time <= exit: int64 [times].

    Formula: begun before it less ended before it (Kaplan & Meier 1958). Range: 0..customers.

    >>> count_at_risk([0, 0, 2], [1, 5, 5], [1, 2, 3]).tolist()
    [2, 1, 2]
    """
    begun = np.searchsorted(np.sort(np.asarray(entry, np.float64)), times, side="left")
    ended = np.searchsorted(np.sort(np.asarray(exit, np.float64)), times, side="left")
    return np.asarray(begun - ended, np.int64)


def has_enough_at_risk(curve: SurvivalCurve, time: float, at_least: int) -> bool:
    """Whether enough were at risk at `time`, and at each event before it.

    Formula: entry < t <= exit for `at_least` of them, at t = `time` and at each event up to it
    (late entry: Tsai, Jewell & Wang 1987). With late entry few may be at risk early: an event among
    them moves the curve for good.

    >>> curve = kaplan_meier(None, [1, 2, 3, 4], [True, False, True, False])
    >>> has_enough_at_risk(curve, 3, 2), has_enough_at_risk(curve, 3.5, 2)
    (True, False)
    """
    before = curve.at_risk[curve.times <= time]
    now = int(count_at_risk(curve.entry, curve.exit, [time])[0])
    return now >= at_least and bool((before >= at_least).all())


def compute_event_share(
    curve: SurvivalCurve, time: float, at_least: int = 0
) -> tuple[float, float, float]:
    """Share that has had the event by `time`, with its band: (share, low, high), in 0..1.

    Formula: 1 - S(t), band 1 - high, 1 - low (Kaplan & Meier 1958). All nan beyond the longest
    follow-up, unless the curve has reached 0, and if fewer than `at_least` were at
    risk (`has_enough_at_risk`); before the first event the share is 0 and the band nan.

    >>> compute_event_share(kaplan_meier(None, [1, 2, 3, 4], [True, False, True, False]), 3)[0]
    0.625
    """
    place = int(np.searchsorted(curve.times, time, side="right")) - 1
    over = place >= 0 and curve.survival[place] == 0.0
    if at_least and not has_enough_at_risk(curve, time, at_least):
        return float("nan"), float("nan"), float("nan")
    if not (0.0 <= time <= curve.horizon or over):
        return float("nan"), float("nan"), float("nan")
    if place < 0:
        return 0.0, float("nan"), float("nan")
    share, low, high = (
        float(1.0 - line[place]) for line in (curve.survival, curve.high, curve.low)
    )
    return share, low, high


def tabulate_event_share(
    curve: SurvivalCurve, step: float, at_least: int = 0
) -> list[tuple[float, int, float, float, float]]:
    """`compute_event_share` at 0, step, 2 step ... up to the longest follow-up.

    Formula: 1 - S(t) at each of them (Kaplan & Meier 1958). Rows of (time, at risk, share, low,
    high), times in the unit of the curve; shares nan as there.

    >>> curve = kaplan_meier(None, [1, 2, 3, 4], [True, False, True, False])
    >>> [row[:3] for row in tabulate_event_share(curve, 2)]
    [(0.0, 4, 0.0), (2.0, 3, 0.25), (4.0, 1, 0.625)]
    """
    if not curve.horizon >= 0:
        return []
    times = np.arange(int(curve.horizon // step) + 1) * step
    at_risk = count_at_risk(curve.entry, curve.exit, times)
    return [
        (float(time), int(n), *compute_event_share(curve, float(time), at_least))
        for time, n in zip(times, at_risk, strict=True)
    ]


def median_time(curve: SurvivalCurve, at_least: int = 0) -> tuple[float, float, float]:
    """First time by which at least half have had the event: (median, low, high), each nan if not
    reached, or if fewer than `at_least` were at risk then (`has_enough_at_risk`).

    Formula: least t with S(t) <= 1/2; interval: the same for both ends of the band (Brookmeyer &
    Crowley 1982). Range: within the event times, in their unit.

    >>> median_time(kaplan_meier(None, [1, 2, 3, 4], [True, False, True, False]))[0]
    3.0
    """
    median, low, high = (
        _find_time_at_half(curve, line, at_least)
        for line in (curve.survival, curve.low, curve.high)
    )
    return (median, low, high) if median == median else (median, median, median)


def _find_time_at_half(curve: SurvivalCurve, line: Floats, at_least: int) -> float:
    below = np.flatnonzero(line <= 0.5 + 1e-12)
    if not below.size or curve.at_risk[: below[0] + 1].min() < at_least:
        return float("nan")
    return float(curve.times[below[0]])
