"""Earned growth (M9): growth from customers who stayed and from customers who were referred."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike


class EarnedGrowth(NamedTuple):
    """Net revenue retention, earned new customers and earned growth, as shares of last year's
    revenue.

    low, high: range of earned growth when one account is left out; nan if nothing remains to
    compare with.
    """

    retention: float
    earned_new: float
    growth: float
    low: float
    high: float


def compute_earned_growth(
    last: ArrayLike, now: ArrayLike, bought: ArrayLike, earned: ArrayLike
) -> EarnedGrowth:
    """Earned growth of one year over the year before.

    Formula: NRR + ENC - 1; NRR = sum of `now` over those who `bought` last year / L, ENC = sum of
    `now` over new referred customers (`earned`) / L, L = sum of `last` (Reichheld, Darnell & Burns,
    Harvard Business Review 99(6), 2021). A customer in neither group, such as one won back, adds
    nothing. last, now: [accounts], revenue of both years; bought, earned: [accounts] yes-no, never
    both. Range: all reals, a share; all nan unless L > 0. Raises ValueError for different lengths
    or an account in both groups.

    Worked: 100 last year, 85 of it from the same customers this year and 25 from new referred ones:
    10 %.

    >>> existing, referred = [True, False, False], [False, True, False]
    >>> compute_earned_growth([100, 0, 0], [85, 25, 40], existing, referred)[:3]
    (0.85, 0.25, 0.1)
    """
    before, after = np.asarray(last, np.float64), np.asarray(now, np.float64)
    old, new = np.asarray(bought).astype(np.bool_), np.asarray(earned).astype(np.bool_)
    if not before.shape == after.shape == old.shape == new.shape or bool((old & new).any()):
        raise ValueError(
            "one number of each kind for each account is needed, and no account both old and new"
        )
    total = float(before.sum())
    if not total > 0.0:
        return EarnedGrowth(*[float("nan")] * 5)
    retained, gained = np.where(old, after, 0.0), np.where(new, after, 0.0)
    retained_sum, gained_sum = float(retained.sum()), float(gained.sum())
    earned_sum = retained_sum + gained_sum
    low, high = _leave_one_out_range(before, retained + gained, total, earned_sum)
    growth = (earned_sum - total) / total
    return EarnedGrowth(retained_sum / total, gained_sum / total, growth, low, high)


def _leave_one_out_range(
    before: np.ndarray, after: np.ndarray, total: float, sum_after: float
) -> tuple[float, float]:
    rest = total - before
    if not bool((rest > 0.0).all()):
        return float("nan"), float("nan")
    growth = (sum_after - after - rest) / rest
    return float(growth.min()), float(growth.max())
