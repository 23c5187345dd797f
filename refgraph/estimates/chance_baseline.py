"""Chance baseline (M55): events assigned at random to the customers present on each day.

Events are occasions of referrals (`measures.occasions`). A customer can make the events from its
joining on and before its leaving, except those excluded for it, so its count is a sum of
independent events with probability 1 / (customers present), over one window of the events in order
of date, with gaps.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from refgraph.estimates.gapped_tails import (
    MAX_STEPS,
    bound_gapped_tails,
    compute_gapped_tails,
    estimate_steps,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class ChanceBaseline:
    """The events, the customers who could have made each, and how likely their counts are by
    chance.

    present: int64 [events], customers each event could have gone to, >= 1; start, end: int64
    [customers], the events a customer could have made are start..end (end not included); count:
    int64 [customers], events it made; p_value: float64 [customers], P(at least count by chance),
    1.0 for a count of 0; excluded: int64, rising, event * customers + customer for each event in a
    customer's window that it cannot have made; is_exact: whether p_value is exact, or an upper
    bound because exact tails would take more than `MAX_STEPS`.
    """

    present: Ints
    start: Ints
    end: Ints
    count: Ints
    p_value: Floats
    excluded: Ints
    is_exact: bool


@dataclass(frozen=True)
class Exclusions:
    """Pairs of an event, by its place in `who`, and a customer that cannot have made it: int64."""

    event: Ints
    customer: Ints


_NOTHING = np.empty(0, np.int64)


def compute_chance_baseline(
    who: Ints,
    day: Ints,
    joined: Ints,
    left: Ints,
    exclusions: Exclusions = Exclusions(_NOTHING, _NOTHING),
) -> ChanceBaseline:
    """Compare each customer's events with a random assignment to the customers present.

    Formula: p_v = P(X_v >= count_v), X_v = sum of independent yes-no events with chance 1 /
    present_e over the events e with joined_v <= date < left_v that are not excluded for v (urn
    draws; tail by `compute_gapped_tails`, in very dense data by `bound_gapped_tails`). Who made an
    event is never excluded from it. Pass p_value to `benjamini_hochberg` over all customers. who:
    [events], number of a customer; day: [events], date in whole days; joined, left: [customers],
    whole days, the least int64 for "always", the greatest for "never". An event on a date on which
    the customer who made it is not (yet, still) a customer does not count. Any order of events
    gives the same bits. Range of p: 0..1, a probability. Raises ValueError for lengths that differ
    or an event of nobody among the customers.

    Worked: three join on days 0, 1, 2 and the first refers the second on day 1 and somebody on day
    3: the only one who could on day 1, one of three on day 3, so two by chance has probability 1/3.

    >>> columns = [0, 0], [1, 3], [0, 1, 2], [9, 9, 9]
    >>> second = Exclusions(np.array([0]), np.array([1]))
    >>> line = compute_chance_baseline(*map(np.array, columns), second)
    >>> line.present.tolist(), line.count.tolist(), line.p_value.round(4).tolist()
    ([1, 3], [2, 0, 0], [0.3333, 1.0, 1.0])
    """
    who, day, joined, left = (np.asarray(a, np.int64) for a in (who, day, joined, left))
    if who.shape != day.shape or joined.shape != left.shape:
        raise ValueError(
            "a date for each event, a joining and a leaving for each customer are needed"
        )
    if who.size and not (int(who.min()) >= 0 and int(who.max()) < joined.size):
        raise ValueError("every event must be of the number of a customer")
    able = np.flatnonzero((joined[who] <= day) & (day < left[who]))
    able = able[np.argsort(day[able], kind="stable")]
    place = np.full(who.size, -1)
    place[able] = np.arange(able.size)
    who, day = who[able], day[able]
    start, end = find_event_windows(joined, left, day)
    excluded = _find_exclusions(exclusions, place, who, start, end)
    event, customer = np.divmod(excluded, max(joined.size, 1))
    here = count_present(start, end, day.size) - np.bincount(event, minlength=day.size)
    count = np.bincount(who, minlength=joined.size)
    p_value = np.ones(joined.size)
    made = np.flatnonzero(count)
    is_of_made = count[customer] > 0
    owner, gap = np.searchsorted(made, customer[is_of_made]), event[is_of_made]
    is_exact = estimate_steps(1.0 / here, count[made], owner) <= MAX_STEPS
    compute_tails = compute_gapped_tails if is_exact else bound_gapped_tails
    p_value[made] = compute_tails(1.0 / here, start[made], end[made], count[made], owner, gap)
    return ChanceBaseline(here, start, end, count, p_value, excluded, is_exact)


def _find_exclusions(
    exclusions: Exclusions, place: Ints, who: Ints, start: Ints, end: Ints
) -> Ints:
    """The keys `ChanceBaseline.excluded`.

    place: int64 [events as given], their number in order of date, -1 = does not count.
    """
    event, customer = place[exclusions.event], exclusions.customer
    event, customer = event[event >= 0], customer[event >= 0]
    can_be = (start[customer] <= event) & (event < end[customer]) & (who[event] != customer)
    return np.unique(event[can_be] * start.size + customer[can_be])


def find_event_windows(joined: Ints, left: Ints, at: Ints) -> tuple[Ints, Ints]:
    """The events on which each customer was present: those with joined <= date < left.

    Formula: positions in the sorted dates `at` [events]. joined, left: [customers], days. Returns
    start and end, int64 [customers], 0 <= start <= end <= events, end not included.

    >>> columns = [0, 5], [7, 9], [1, 5, 6, 7]
    >>> [a.tolist() for a in find_event_windows(*map(np.array, columns))]
    [[0, 1], [3, 4]]
    """
    start = np.searchsorted(at, joined, side="left").astype(np.int64)
    return start, np.maximum(start, np.searchsorted(at, left, side="left")).astype(np.int64)


def count_present(start: Ints, end: Ints, events: int) -> Ints:
    """How many customers could have made each event: those with start <= event < end.

    Formula: customers started so far minus customers ended so far. Returns int64 [events], range
    0..customers.

    >>> count_present(np.array([0, 1, 1]), np.array([3, 2, 3]), 3).tolist()
    [1, 3, 2]
    """
    change = np.bincount(start, minlength=events + 1) - np.bincount(end, minlength=events + 1)
    return np.cumsum(change)[:events]
