"""Earned growth (M9): how much of this year's growth came from customers who stayed, and from those they brought."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike


class EarnedGrowth(NamedTuple):
    """Net revenue retention, earned new customers and earned growth, as shares of last year's revenue.

    low, high: earned growth when each one account is left out; nan where that leaves nothing to compare with.
    """

    retention: float
    earned_new: float
    growth: float
    low: float
    high: float


def earned_growth(last: ArrayLike, now: ArrayLike, bought: ArrayLike, earned: ArrayLike) -> EarnedGrowth:
    """Earned growth of one year over the year before.

    Formula: NRR + ENC - 1; NRR = sum of `now` over those who `bought` last year / L, ENC = sum of `now` over new
    referred customers (`earned`) / L, L = sum of `last` (Reichheld, Darnell & Burns, Harvard Business Review 99(6),
    2021). A customer in neither group, a won-back one say, adds nothing. last, now: [accounts], revenue of both years;
    bought, earned: [accounts] yes-no, never both. Range: all reals, a share; all nan unless L > 0. Raises ValueError for
    different lengths or an account in both groups.

    Worked: 100 last year, 85 of it from the same customers this year and 25 from new referred ones: 10 %.

    >>> earned_growth([100, 0, 0], [85, 25, 40], [True, False, False], [False, True, False])[:3]
    (0.85, 0.25, 0.1)
    """
    before, after = np.asarray(last, np.float64), np.asarray(now, np.float64)
    old, new = np.asarray(bought).astype(np.bool_), np.asarray(earned).astype(np.bool_)
    if not before.shape == after.shape == old.shape == new.shape or bool((old & new).any()):
        raise ValueError("one number of each kind for each account is needed, and no account both old and new")
    total = float(before.sum())
    if not total > 0.0:
        return EarnedGrowth(*[float("nan")] * 5)
    kept, brought = np.where(old, after, 0.0), np.where(new, after, 0.0)
    stays, comes = float(kept.sum()), float(brought.sum())
    low, high = _left_out(before, kept + brought, total, stays + comes)
    return EarnedGrowth(stays / total, comes / total, (stays + comes - total) / total, low, high)


def _left_out(before: np.ndarray, after: np.ndarray, total: float, sum_after: float) -> tuple[float, float]:
    rest = total - before
    if not bool((rest > 0.0).all()):
        return float("nan"), float("nan")
    growth = (sum_after - after - rest) / rest
    return float(growth.min()), float(growth.max())
