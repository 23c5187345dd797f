"""Cells for `campaign`: sampled starters of small networks against the best of all sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from coverage_tools.cells import Outcome
from refgraph.measures.cascade import Cascade
from refgraph.measures.exact_starters import choose_among_worlds
from refgraph.measures.sampled_starters import choose_from_samples
from refgraph.measures.starters import Limit

CHANCES = (0.1, 0.3, 0.5, 0.9)
TOLERANCE = 1e-9


@dataclass(frozen=True)
class CampaignCell:
    """Networks of 4 to 9 parties and at most so many arcs, with one to three starters.

    An outcome: whether the ratio holds that the sampled choice certifies; whether its interval
    holds what it reaches; what it reaches, as a share of the best.
    """

    n: int = 9
    arcs: int = 20

    @property
    def companies(self) -> int:
        """A third of a second each."""
        return 1000

    @property
    def name(self) -> str:
        """The key of its outcomes in a record."""
        return f"campaign arcs<={self.arcs}"

    def simulate(self, first: int, last: int) -> Iterator[Outcome | None]:
        """One outcome per network, by its seed; every world of it is computed."""
        for seed in range(first, last):
            dice = np.random.default_rng([self.arcs, seed])
            cascade = self.draw_network(dice)
            limit = Limit(k=int(dice.integers(1, 4)))
            best, found = choose_among_worlds(cascade, limit), choose_from_samples(cascade, limit)
            reached = best.evaluate(found.members)
            holds = reached >= found.ratio * best.total - TOLERANCE
            yield holds, abs(reached - found.total) <= found.half_width, reached / best.total

    def draw_network(self, dice: np.random.Generator) -> Cascade:
        """A random network with weights of 1 to 5."""
        n = int(dice.integers(4, self.n + 1))
        pairs = np.array([(a, b) for b in range(n) for a in range(n) if a != b], np.int32)
        most = min(self.arcs, len(pairs))
        chosen = np.sort(dice.permutation(len(pairs))[: int(dice.integers(4, most + 1))])
        source, target = pairs[chosen].T
        return Cascade(
            in_ptr=np.searchsorted(target, np.arange(n + 1)).astype(np.int64),
            in_src=np.ascontiguousarray(source),
            p=dice.choice(CHANCES, len(chosen)),
            weight=dice.integers(1, 6, n).astype(np.float64),
            is_candidate=np.ones(n, np.bool_),
            cost=None,
            is_forest=False,
            source="given",
        )

    def describe(self, outcomes: Sequence[Outcome | None]) -> str:
        """One line: how often ratio and interval hold, and the least share of the best."""
        made = np.array([outcome for outcome in outcomes if outcome is not None], np.float64)
        ratio, interval = 100 * made[:, :2].mean(0)
        return (
            f"{self.name:20} {len(made)}/{len(outcomes)}  ratio holds {ratio:.1f} %"
            f"  95 % interval holds {interval:.1f} %"
            f"  least share of the best {made[:, 2].min():.3f}"
        )


def list_campaign_cells() -> list[CampaignCell]:
    """One."""
    return [CampaignCell()]
