"""Natural cubic splines: columns that let an effect of size bend."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
KNOT_SHARES = (0.05, 0.35, 0.65, 0.95)
"""Where the knots are, as shares of the values (Harrell 2015)."""


def compute_spline(x: Floats) -> list[Floats]:
    """The columns that bend a straight line in x: a natural cubic spline with four knots.

    Formula: s_j = (x - k_j)₊³ - (x - k_3)₊³ (k_4 - k_j)/(k_4 - k_3) + (x - k_4)₊³ (k_3 - k_j)/(k_4
    - k_3), over (k_4 - k_1)², straight beyond the outer knots (Stone & Koo 1985; knots by Harrell
    2015). x: [n]. Returns float64 [n] each, none if two knots coincide. Unit: that of x.

    >>> [column.round(3).tolist() for column in compute_spline(np.arange(5.0))]
    [[0.0, 0.04, 0.45, 1.679, 3.6], [0.0, 0.0, 0.017, 0.306, 0.933]]
    """
    knots = np.quantile(x, KNOT_SHARES)
    if float(np.diff(knots).min()) <= 1e-9 * max(float(np.abs(knots).max()), 1.0):
        return []
    *inner, third, fourth = knots
    columns = []
    for knot in inner:
        bend = _cube(x - knot)
        bend -= _cube(x - third) * (fourth - knot) / (fourth - third)
        bend += _cube(x - fourth) * (third - knot) / (fourth - third)
        columns.append(bend / (fourth - knots[0]) ** 2)
    return columns


def _cube(x: Floats) -> Floats:
    result: Floats = np.maximum(x, 0.0) ** 3
    return result
