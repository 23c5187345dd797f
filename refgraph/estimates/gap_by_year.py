"""Does the gap last? The gap in the first year of the relation, and its change per year (M26)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from refgraph.estimates.clusters import compute_contributions
from refgraph.estimates.comparison import Comparison, mark_informative
from refgraph.estimates.design import build_design
from refgraph.estimates.gap import Gap, complete_gap, find_reason
from refgraph.estimates.regression import fit_regression

Ints = NDArray[np.int64]


def estimate_gap_by_year(data: Comparison, year: Ints, counted: Gap) -> tuple[Gap, Gap]:
    """The gap in year 1 of the relation, and the change of the gap with each further year.

    Formula: one stacked regression, a row per customer and year k of its relation: value ~ referred
    + referred (k - 1) + log size + factors + k (Poisson quasi-likelihood, exp(b) - 1 each; least
    squares for differences), CR2 by tree as in `estimate_gap`. data, year: one row per customer and
    year, year from 1; counted: customers on each side and trees. Both have the same reason if there
    is none. Range: above -1 for ratios; unit: share, share per year.

    >>> y = np.concatenate([np.tile([30.0, 10, 20, 15], 10), np.tile([40.0, 10, 30, 15], 10)])
    >>> referred, year = np.tile([True, False, True, False], 20), np.repeat([1, 2], 40)
    >>> rows = Comparison(y, referred, None, (), np.tile(np.arange(40), 2))
    >>> counted = Gap(referred=20, others=20, trees=40)
    >>> first, change = estimate_gap_by_year(rows, year, counted)
    >>> round(first.gap, 4), round(change.gap, 4)
    (1.0, 0.4)
    """
    data = replace(data, factors=(*data.factors, year))
    is_used = mark_informative(data)
    data, year = data.select(is_used), year[is_used]
    reason = find_reason(data, counted)
    if reason or int(year.max()) < 2:
        empty = replace(counted, reason=reason or "one-year")
        return empty, empty
    is_ratio = data.scale == "ratio"
    referred = data.referred.astype(np.float64)
    numbers = [referred, referred * (year - 1)]
    if data.size is not None:
        numbers.append((data.size - data.size.mean()) / (data.size.std() or 1.0))
    design = build_design(numbers, list(data.factors))
    unit = float(np.abs(data.y).mean()) or 1.0
    fit = fit_regression(design, data.y / unit, "poisson" if is_ratio else "linear")
    if fit is None or not {1, 2} <= set(fit.kept.tolist()):
        empty = replace(counted, reason="not-separable" if fit is None else "same-as-groups")
        return empty, empty
    gaps = []
    for target in (1, 2):
        scale = 1.0 if is_ratio else unit
        parts = (compute_contributions(design, fit, data.cluster, target) * scale) ** 2
        effect = float(fit.coefficients[target]) * scale
        gaps.append(complete_gap(counted, effect, parts, is_ratio=is_ratio))
    return gaps[0], gaps[1]
