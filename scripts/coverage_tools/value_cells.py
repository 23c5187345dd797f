"""Cells for `value-gap`: is the planted gap inside the interval, and none found where none is?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from support.gap_companies import simulate_comparison

from coverage_tools.cells import Outcome
from refgraph.estimates.gap import estimate_gap
from refgraph.estimates.proportion import wilson

SPLINE_FROM = 500
"""From this many customers on, `value-gap` states the gap with a spline of size."""
COMPANIES = {96: 1000, 500: 1000, 5_000: 300, 50_000: 100}


@dataclass(frozen=True)
class ValueCell:
    """Companies of n customers, coefficient of variation cv, a planted gap, and the correlation of
    a customer with its referrer (hop).

    An outcome: error of the log of the ratio; whether the interval holds the truth; whether it
    leaves out 0; the smallest detectable gap.
    """

    n: int
    cv: float
    gap: float
    hop: float = 0.5

    @property
    def companies(self) -> int:
        """As the audit asks."""
        return COMPANIES[self.n]

    @property
    def name(self) -> str:
        """The key of its outcomes in a record."""
        return f"n={self.n} cv={self.cv:g} gap={self.gap:g} hop={self.hop:g}"

    def simulate(self, first: int, last: int) -> Iterator[Outcome | None]:
        """One outcome per company, by its seed; None if the company gets no interval."""
        for seed in range(first, last):
            dice = np.random.default_rng([self.n, round(10 * self.cv), seed])
            data = simulate_comparison(dice, self.n, cv=self.cv, gap=self.gap, hop=self.hop)
            gap = estimate_gap(data, with_spline=self.n >= SPLINE_FROM)
            if not gap.has_interval:
                yield None
                continue
            error = math.log1p(gap.gap) - math.log1p(self.gap)
            holds = gap.low <= self.gap <= gap.high
            yield error, holds, not gap.is_unknown, gap.detectable

    def describe(self, outcomes: Sequence[Outcome | None]) -> str:
        """One line: companies with an interval, coverage with its own interval, bias, alarms.

        Bias is given twice: of the log of the ratio, where the mean of a few skewed values is low,
        and of the ratio.
        """
        known = [outcome for outcome in outcomes if outcome is not None]
        if not known:
            return f"{self.name:36} no company of {len(outcomes)} got an interval"
        errors, holds, clear, detectable = zip(*known, strict=True)
        low, high = wilson(sum(holds), len(known))
        ratio = float(np.mean(np.exp(errors))) - 1.0
        return (
            f"{self.name:36} known {len(known)}/{len(outcomes)}"
            f"  coverage {100 * sum(holds) / len(known):.1f} % ({100 * low:.1f}-{100 * high:.1f})"
            f"  bias {100 * float(np.mean(errors)):+.1f} (ratio {100 * ratio:+.1f},"
            f" median {100 * float(np.median(errors)):+.1f})"
            f"  leaves out 0 {100 * sum(clear) / len(known):.1f} %"
            f"  detectable {100 * float(np.median(detectable)):.0f} %"
        )


def list_value_cells() -> list[ValueCell]:
    """Sizes, spreads and gaps; trees that are very much alike; no gap at all."""
    cells = [ValueCell(n, cv, 0.16) for n in (96, 500, 5_000, 50_000) for cv in (1.0, 2.0, 3.0)]
    cells += [ValueCell(n, 2.0, gap) for n in (96, 500, 5_000) for gap in (0.0, -0.1)]
    return cells + [ValueCell(n, 2.0, 0.16, 0.8) for n in (96, 500, 5_000)]
