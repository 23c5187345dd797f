"""Cells for `ask`: customers who refer at planted rates; intervals of sums, rankings, uplift."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from support.referring_companies import KINDS, plant

from coverage_tools.cells import Outcome
from refgraph.estimates.mean_difference import compare_means
from refgraph.measures.referral_forecast import YEAR_DAYS, forecast_referrals

TOP, TENTHS, HELD_BACK = 50, 10, 0.2
UPLIFT = 0.05
"""Referrals a year that asking adds, per customer."""
FIRST_SEED = 10_000


@dataclass(frozen=True)
class AskCell:
    """Companies whose rates are ``gamma``, by ``tenure`` or by ``sector``.

    An outcome: whether the intervals of all, of the 50 and of each tenth hold what came; share of
    the 50 that referred, ranked by the forecast, by the year before, by all so far, by chance, by
    the best use of the history, and by the planted rates; the uplift read from a list of which a
    fifth, drawn at random, is not asked.
    """

    kind: str
    n: int = 2_000

    @property
    def companies(self) -> int:
        """Half a second each."""
        return 1000

    @property
    def name(self) -> str:
        """The key of its outcomes in a record."""
        return f"ask {self.kind}"

    def simulate(self, first: int, last: int) -> Iterator[Outcome | None]:
        """One outcome per company, by its seed; None below 10 occasions."""
        for seed in range(first, last):
            planted = plant(self.kind, FIRST_SEED + seed, self.n)
            made = forecast_referrals(planted.history, planted.now)
            if made is None:
                yield None
                continue
            came, history = planted.came[made.customer], planted.history
            ranked = np.argsort(-made.referrals, kind="stable")
            groups = (ranked, ranked[:TOP], *np.array_split(ranked, TENTHS))
            bounds = [made.bound_sum(group) for group in groups]
            held = [
                bool(low <= came[group].sum() <= high)
                for group, (low, high) in zip(groups, bounds, strict=True)
            ]
            is_recent = history.day > planted.now - YEAR_DAYS
            scores = (
                made.referrals,
                np.bincount(history.recommender[is_recent], minlength=self.n)[made.customer],
                np.bincount(history.recommender, minlength=self.n)[made.customer],
                np.random.default_rng(seed).random(len(came)),
                planted.best[made.customer],
                planted.true[made.customer],
            )
            shares = [
                float((came[np.argsort(-score, kind="stable")[:TOP]] > 0).mean())
                for score in scores
            ]
            yield (*held, *shares, _read_uplift(came, seed))

    def describe(self, outcomes: Sequence[Outcome | None]) -> str:
        """One line: coverage of all, of the 50 and of the tenths, precision, mean uplift."""
        made = np.array([outcome for outcome in outcomes if outcome is not None], np.float64)
        everybody, top = 100 * made[:, :2].mean(0)
        tenths = 100 * made[:, 2 : 2 + TENTHS].mean(0)
        model, year, degree, chance, best, true = 100 * made[:, 2 + TENTHS : -1].mean(0)
        uplift, error = made[:, -1].mean(), made[:, -1].std() / np.sqrt(len(made))
        return (
            f"{self.name:12} {len(made)}/{len(outcomes)}"
            f"  80 %: all {everybody:.1f}, top {top:.1f}, tenths {tenths.mean():.1f}"
            f" ({tenths.min():.1f}-{tenths.max():.1f})"
            f"  precision {model:.1f}; last year {year:.1f}, so far {degree:.1f},"
            f" chance {chance:.1f}, best {best:.1f}, planted {true:.1f}"
            f"  uplift {uplift:.4f} +- {error:.4f} (planted {UPLIFT})"
        )


def _read_uplift(came: np.ndarray, seed: int) -> float:
    """The difference between those asked and those held back, who are drawn at random."""
    dice = np.random.default_rng([seed, 1])
    is_held = dice.random(len(came)) < HELD_BACK
    made = came + dice.poisson(UPLIFT, len(came)) * ~is_held
    return compare_means(made[~is_held], made[is_held]).value


def list_ask_cells() -> list[AskCell]:
    """One of each kind."""
    return [AskCell(kind) for kind in KINDS]
