"""The luck line (M55): referrals as if dealt to the customers present, and how unlikely a count then is.

Events are batches: all referrals of one recommender on one date are one event, for one visit with three names
is one piece of luck. A customer sees the events after its joining and before its leaving, so its count is a
sum of independent chances 1 / (customers present), over one window of the events in order of date.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from refgraph.estimates.poisson_binomial import poisson_binomial_tail

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class LuckLine:
    """What is dealt, to whom, and each customer's chance of doing as well by luck.

    present: int64 [events], customers each event could have gone to, >= 1; start, end: int64 [customers], the
    events a customer could have made are start..end (end not included); count: int64 [customers], events it
    made; p_value: float64 [customers], P(at least count by luck), 1.0 for a count of 0.
    """

    present: Ints
    start: Ints
    end: Ints
    count: Ints
    p_value: Floats


def luck_line(referrer: Ints, at: Ints, joined: Ints, left: Ints) -> LuckLine:
    """Deal the referrals again among the customers present at each date, and compare.

    Formula: p_v = P(X_v >= count_v), X_v = sum of independent yes-no events with chance 1 / present_e over
    the events e between joining and leaving of v (urn draws; tail by `poisson_binomial_tail`). Compare with
    `bh` over all customers. referrer: [referrals], number of a customer; at: [referrals], date in whole days;
    joined, left: [customers], whole days, the least int64 for "always", the greatest for "never". A referral
    on a date on which its own recommender is not (yet, still) a customer is no event. Any row order gives the
    same bits. Range of p: 0..1, a probability. Raises ValueError for lengths that differ or a referrer
    outside the customers.

    Worked: three join on days 0, 1, 2 and the first refers on days 1 and 3: the only one present on day 1,
    one of three on day 3, so two by luck has probability 1/3.

    >>> line = luck_line(*(np.array(x) for x in ([0, 0], [1, 3], [0, 1, 2], [9, 9, 9])))
    >>> line.present.tolist(), line.count.tolist(), line.p_value.round(4).tolist()
    ([1, 3], [2, 0, 0], [0.3333, 1.0, 1.0])
    """
    referrer, at, joined, left = (np.asarray(a, np.int64) for a in (referrer, at, joined, left))
    if referrer.shape != at.shape or joined.shape != left.shape:
        raise ValueError("a date for each referral, a joining and a leaving for each customer are needed")
    if referrer.size and not (0 <= int(referrer.min()) and int(referrer.max()) < joined.size):
        raise ValueError("every referrer must be the number of a customer")
    able = (joined[referrer] < at) & (at < left[referrer])
    who, day = blocks(referrer[able], at[able])
    start, end = windows(joined, left, day)
    here = present(start, end, day.size)
    count = np.bincount(who, minlength=joined.size)
    p_value = np.ones(joined.size)
    made = np.flatnonzero(count)
    p_value[made] = poisson_binomial_tail(1.0 / here, start[made], end[made], count[made])
    return LuckLine(here, start, end, count, p_value)


def blocks(referrer: Ints, at: Ints) -> tuple[Ints, Ints]:
    """One event for all referrals of one recommender on one date, in order of date, then of recommender.

    Formula: the distinct pairs (at, referrer), numbers >= 0 of recommenders and whole days. Returns two int64
    arrays [events], recommender and date. Without this, recommenders who name several at once look like the
    best ones: 19-37 % false alarms (M55). Raises ValueError for dates so far apart that they cannot be days.

    >>> [a.tolist() for a in blocks(np.array([4, 2, 4, 4]), np.array([7, 7, 7, 1]))]
    [[4, 2, 4], [1, 7, 7]]
    """
    if at.size == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    first, names = int(at.min()), int(referrer.max()) + 1
    if (int(at.max()) - first + 1) * names >= 1 << 63:
        raise ValueError("the dates lie too far apart: whole days are needed")
    key = np.sort((at - first) * np.int64(names) + referrer)
    day, who = np.divmod(key[np.diff(key, prepend=-1) > 0], names)
    return who, day + first


def windows(joined: Ints, left: Ints, at: Ints) -> tuple[Ints, Ints]:
    """The events each customer could have made: those with joined < date < left.

    Formula: positions in the sorted dates `at` [events]. joined, left: [customers], days. Returns start and
    end, int64 [customers], 0 <= start <= end <= events, end not included.

    >>> [a.tolist() for a in windows(np.array([0, 5]), np.array([7, 9]), np.array([1, 5, 6, 7]))]
    [[0, 2], [3, 4]]
    """
    start = np.searchsorted(at, joined, side="right").astype(np.int64)
    return start, np.maximum(start, np.searchsorted(at, left, side="left")).astype(np.int64)


def present(start: Ints, end: Ints, events: int) -> Ints:
    """How many customers could have made each event: those with start <= event < end.

    Formula: customers started so far minus customers ended so far. Returns int64 [events], range
    0..customers.

    >>> present(np.array([0, 1, 1]), np.array([3, 2, 3]), 3).tolist()
    [1, 3, 2]
    """
    change = np.bincount(start, minlength=events + 1) - np.bincount(end, minlength=events + 1)
    return np.cumsum(change)[:events]
