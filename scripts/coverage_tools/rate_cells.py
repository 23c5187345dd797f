"""Cells for `referral-rate`: uneven (gamma) activity, the same in two groups or three times."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from coverage_tools.cells import Outcome
from refgraph.estimates.comparison import Comparison
from refgraph.estimates.gap import estimate_gap
from refgraph.estimates.proportion import wilson


@dataclass(frozen=True)
class RateCell:
    """Companies of n customers, 30 % of them in a group that refers ``ratio`` times as often.

    shape: of the gamma distribution of activity; small = uneven. An outcome: the log of the ratio;
    whether its interval holds the truth; whether it leaves out 1.
    """

    n: int
    shape: float
    ratio: float

    @property
    def companies(self) -> int:
        """A second each at most."""
        return 1000

    @property
    def name(self) -> str:
        """The key of its outcomes in a record."""
        return f"rate n={self.n} r={self.shape:g} ratio={self.ratio:g}"

    def simulate(self, first: int, last: int) -> Iterator[Outcome | None]:
        """One outcome per company, by its seed; None below 10 occasions on a side."""
        for seed in range(first, last):
            dice = np.random.default_rng([self.n, round(10 * self.shape), seed])
            group = dice.random(self.n) < 0.3
            years = dice.uniform(0.5, 8.0, self.n)
            activity = dice.gamma(self.shape, 0.25 / self.shape, self.n)
            occasions = dice.poisson(activity * years * np.where(group, self.ratio, 1.0))
            if min(occasions[group].sum(), occasions[~group].sum()) < 10:
                yield None
                continue
            data = Comparison(occasions / years, group, None, (), np.arange(self.n), weight=years)
            gap = estimate_gap(data, adjusted=False)
            if not gap.has_interval:
                yield None
                continue
            holds = gap.low <= self.ratio - 1.0 <= gap.high
            yield math.log1p(gap.gap), holds, not gap.is_unknown

    def describe(self, outcomes: Sequence[Outcome | None]) -> str:
        """One line: the mean ratio, coverage, how often the groups are said to differ."""
        known = [outcome for outcome in outcomes if outcome is not None]
        if not known:
            return f"{self.name:36} no company of {len(outcomes)} got a ratio"
        logs, holds, clear = zip(*known, strict=True)
        low, high = wilson(sum(holds), len(known))
        return (
            f"{self.name:36} known {len(known)}/{len(outcomes)}"
            f"  ratio {math.exp(float(np.mean(logs))):.2f}"
            f"  coverage {100 * sum(holds) / len(known):.1f} % ({100 * low:.1f}-{100 * high:.1f})"
            f"  differs {100 * sum(clear) / len(known):.1f} %"
        )


def list_rate_cells() -> list[RateCell]:
    """Even and uneven activity, no difference and three times."""
    return [
        RateCell(n, shape, ratio)
        for n in (96, 500, 5_000)
        for shape in (0.3, 1.0)
        for ratio in (1.0, 3.0)
    ]
