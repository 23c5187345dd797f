"""Occasions: all referrals of one recommender within some days of the first of them.

One visit that yields three names is one random event, whether the names are given at once or over
the next days.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np

from refgraph.kernels.occasions import mark_first_events
from refgraph.model.graph import Longs
from refgraph.model.parameter_values import Limits

OCCASION_DAYS, MAX_OCCASION_DAYS = 30, 365
"""Days from the first referral of an occasion to the last, unless given; and at most."""
OccasionDays = Annotated[int, Limits(0, MAX_OCCASION_DAYS)]
"""Type of an option ``--occasion``."""


def find_occasion_days(recommender: Longs, day: Longs, days: int = OCCASION_DAYS) -> Longs:
    """int64[m]: for each referral, the first day of its occasion.

    recommender, day: int64[m], in any order. days: length of an occasion; referrals that many days
    after the first still belong to it.

    >>> find_occasion_days(np.array([4, 2, 4, 4]), np.array([37, 7, 7, 38])).tolist()
    [7, 7, 7, 38]
    """
    order = np.lexsort((day, recommender))
    sorted_days = day[order]
    is_first = mark_first_events(recommender[order], sorted_days, days)
    occasion = np.cumsum(is_first) - 1
    first_day = np.empty(len(day), np.int64)
    first_day[order] = sorted_days[is_first][occasion]
    return first_day


def list_occasions(
    recommender: Longs, day: Longs, days: int = OCCASION_DAYS
) -> tuple[Longs, Longs]:
    """One event for each occasion: recommender and first day, int64[o], in order of day.

    Occasions of one day are in order of recommender. Arguments as for `find_occasion_days`.

    >>> [a.tolist() for a in list_occasions(np.array([4, 2, 4]), np.array([37, 7, 7]))]
    [[2, 4], [7, 7]]
    """
    order = np.lexsort((day, recommender))
    who, sorted_days = recommender[order], day[order]
    is_first = mark_first_events(who, sorted_days, days)
    who, first_day = who[is_first], sorted_days[is_first]
    by_day = np.lexsort((who, first_day))
    return who[by_day], first_day[by_day]


def number_occasions(recommender: Longs, day: Longs, days: int = OCCASION_DAYS) -> Longs:
    """int64[m]: for each referral, the number of its occasion in the order of `list_occasions`.

    >>> number_occasions(np.array([4, 2, 4]), np.array([37, 7, 7])).tolist()
    [1, 0, 1]
    """
    order = np.lexsort((day, recommender))
    who, sorted_days = recommender[order], day[order]
    is_first = mark_first_events(who, sorted_days, days)
    by_day = np.lexsort((who[is_first], sorted_days[is_first]))
    rank = np.empty(len(by_day), np.int64)
    rank[by_day] = np.arange(len(by_day))
    number = np.empty(len(day), np.int64)
    number[order] = rank[np.cumsum(is_first) - 1]
    return number
