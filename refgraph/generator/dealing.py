"""Who refers: drawn among the customers present on the day, in proportion to their activity."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
FAR = 2_000_000
"""The day on which those leave who never leave."""
ROUNDS = 1000
FOUNDER = 0
"""The first customer; it never leaves, so somebody is always present."""


class Dealer:
    """Draws referrers from ``members`` (indices in order of joining; all customers unless given).

    joined, left: int32 days by customer; left may be filled while referrers are drawn, for whoever joined before the day
    that is asked about. activity: float64, what draws are in proportion to.
    """

    def __init__(self, joined: Ints, left: Ints, activity: Floats, members: Ints | None = None) -> None:
        self.members = np.arange(len(joined), dtype=np.int32) if members is None else members
        self.joined = joined[self.members]
        self.left = left
        self.total = np.concatenate([[0.0], np.cumsum(activity[self.members])])

    def draw(self, rng: np.random.Generator, at: Ints) -> Ints:
        """One referrer for each day: joined before it, not left by it; -1 where nobody is (after `ROUNDS` attempts).

        Inverse of the cumulative activity of all who joined before, drawn again while it falls on somebody who left.
        """
        before = np.searchsorted(self.joined, at, "left")
        found = np.full(len(at), -1, np.int32)
        open = np.flatnonzero(before > 0)
        for _ in range(ROUNDS):
            if not open.size:
                break
            spot = rng.random(open.size) * self.total[before[open]]
            place = np.minimum(np.searchsorted(self.total, spot, "right"), before[open]) - 1
            drawn = self.members[np.maximum(place, 0)]
            here = self.left[drawn] > at[open]
            found[open[here]] = drawn[here]
            open = open[~here]
        return found


class Tilted:
    """Draws from the referred with probability ``chain``, else from the others, so that depth is geometric.

    P(depth > k + 1 | depth > k) = chain, for a referred customer drawn from the referred is again one of those whose
    referrer was referred with probability chain. Where nobody of the class is present, one of the other class.
    """

    def __init__(self, joined: Ints, left: Ints, activity: Floats, referred: Bools, chain: float) -> None:
        self.chain = chain
        self.classes = [Dealer(joined, left, activity, np.flatnonzero(part).astype(np.int32)) for part in (~referred, referred)]

    def draw(self, rng: np.random.Generator, at: Ints) -> Ints:
        """One referrer for each day; the founder where all else fails."""
        wanted = (rng.random(len(at)) < self.chain).astype(np.int64)
        found = np.full(len(at), -1, np.int32)
        for attempt in (wanted, 1 - wanted):
            for kind, dealer in enumerate(self.classes):
                those = np.flatnonzero((attempt == kind) & (found < 0))
                found[those] = dealer.draw(rng, at[those])
        return np.where(found < 0, FOUNDER, found).astype(np.int32)
