"""What a share can be at least and at most when the source of some customers is unknown (M2)."""

import math


def share_bounds(referred: int, unknown: int | None, n: int) -> tuple[float, float]:
    """Lowest and highest referral share that the unknown sources leave open.

    Formula: [R/n, (R + U)/n], the worst and the best case of the U unknown (Manski 1989,
    no-assumption bounds). `unknown` None means that nothing says how many are unknown: the upper
    end is nan. Range: 0 <= low <= high <= 1; (nan, nan) for n = 0. Unit: share. Raises ValueError
    unless counts are >= 0 and R + U <= n.

    >>> low, high = share_bounds(30, 10, 96)
    >>> f"{low:.2%} {high:.2%}"
    '31.25% 41.67%'
    """
    missing = 0 if unknown is None else unknown
    if referred < 0 or missing < 0 or referred + missing > n:
        raise ValueError(
            f"0 <= referred + unknown <= n is needed, not {referred} + {missing} of {n}"
        )
    if n == 0:
        return math.nan, math.nan
    return referred / n, math.nan if unknown is None else (referred + missing) / n
