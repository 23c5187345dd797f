"""Cells for `retention` and `churn`: planted hazard ratios, contagion both ways, homophily."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from support.leaving_pairs import Leaving, draw_leaving

from coverage_tools.cells import Outcome
from refgraph.analyses.retention_rows import CONTRASTS, compute_rows
from refgraph.engines.offline import OfflineEngine
from refgraph.estimates.proportion import wilson
from refgraph.measures.customer_size import read_size
from refgraph.measures.retention_spells import build_spells
from refgraph.model.scope import Scope

COMPANIES = {5_000: 200, 15_000: 100}
RATIO, STAYS = 1.80, 0.82
HOMOPHILY = {"spread": 0.8, "hop": 0.7}


@dataclass(frozen=True)
class LeavingCell:
    """Companies of n referred customers and as many others, with planted leaving.

    An outcome: hazard ratios of active/others (with whether its interval holds the truth),
    gone/lead and gone/active; whether the interval of gone/lead lies above 1; whether the interval
    of the placebo holds 1; whether the range with its intervals holds the truth.
    """

    n: int
    label: str
    forward: float = 1.0
    backward: float = 1.0
    active: float = STAYS
    spread: float = 0.0
    hop: float = 0.0

    @property
    def companies(self) -> int:
        """As many as a machine with two cores simulates in an hour."""
        return COMPANIES[self.n]

    @property
    def name(self) -> str:
        """The key of its outcomes in a record."""
        return f"leaving n={self.n} {self.label}"

    def simulate(self, first: int, last: int) -> Iterator[Outcome | None]:
        """One outcome per company, by its seed."""
        plan = Leaving(
            pairs=self.n,
            others=self.n,
            active=self.active,
            forward=self.forward,
            backward=self.backward,
            spread=self.spread,
            hop=self.hop,
        )
        for seed in range(first, last):
            data = draw_leaving(np.random.default_rng([self.n, seed]), plan)
            graph = OfflineEngine(data).graph(Scope())
            spells = build_spells(graph, read_size(graph, None))
            assert spells is not None
            rows = compute_rows(spells, contrasts=CONTRASTS[:4])
            active, placebo, lower, upper = (row.gap for row in rows[1:])
            if any(gap.reason for gap in (active, placebo, lower, upper)):
                yield None
                continue
            yield (
                1.0 + active.gap,
                active.low <= self.active - 1.0 <= active.high,
                1.0 + lower.gap,
                1.0 + upper.gap,
                lower.low > 0.0,
                placebo.is_unknown,
                min(lower.low, upper.low) <= self.forward - 1.0 <= max(lower.high, upper.high),
            )

    def describe(self, outcomes: Sequence[Outcome | None]) -> str:
        """One line: mean ratios, coverage, how often leaving is said to follow leaving."""
        known = [outcome for outcome in outcomes if outcome is not None]
        if not known:
            return f"{self.name:36} no company of {len(outcomes)} got a number"
        active, holds, lower, upper, follows, alike, inside = zip(*known, strict=True)
        means = [math.exp(float(np.mean(np.log(column)))) for column in (active, lower, upper)]
        low, high = wilson(sum(holds), len(known))
        shares = [100 * sum(column) / len(known) for column in (holds, follows, alike, inside)]
        return (
            f"{self.name:36} known {len(known)}/{len(outcomes)}"
            f"  active {means[0]:.3f} (true {self.active:g}), coverage {shares[0]:.1f} %"
            f" ({100 * low:.1f}-{100 * high:.1f})"
            f"  gone/lead {means[1]:.2f}, gone/active {means[2]:.2f} (true {self.forward:g})"
            f"  says follows {shares[1]:.1f} %  placebo holds 1 {shares[2]:.1f} %"
            f"  range holds truth {shares[3]:.1f} %"
        )


def list_leaving_cells() -> list[LeavingCell]:
    """One way, both ways, with and without homophily; protection that ends; nothing at all."""
    kinds = [
        ("none", {"active": 1.0}),
        ("stays", {}),
        ("protection ends", {"forward": 1.0 / STAYS}),
        ("forward", {"forward": RATIO}),
        ("both ways", {"forward": RATIO, "backward": RATIO}),
        ("backward", {"backward": RATIO}),
        ("homophily", HOMOPHILY),
        ("forward, homophily", {"forward": RATIO, **HOMOPHILY}),
        ("both ways, homophily", {"forward": RATIO, "backward": RATIO, **HOMOPHILY}),
    ]
    cells = [LeavingCell(5_000, label, **planted) for label, planted in kinds]
    larger = [("protection ends", {"forward": 1.0 / STAYS}), ("homophily", HOMOPHILY)]
    return cells + [LeavingCell(15_000, label, **planted) for label, planted in larger]
