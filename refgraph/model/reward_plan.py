"""A reward plan: what a company would pay for referrals that closed."""

from __future__ import annotations

from dataclasses import dataclass

NEEDS = {
    "flat": ("amount",),
    "two-sided": ("amount", "friend"),
    "threshold": ("amount", "after"),
    "geometric": ("base", "decay"),
    "recursive": ("amount",),
    "direct": ("rate",),
    "profit-share": ("rate",),
}
"""Kind of plan -> the keys that it needs."""
TAKES = {"geometric": ("levels",), "recursive": ("decay", "levels")}
"""Kind of plan -> further keys that it takes; every plan takes name, kind and budget."""
LEVELS = 10
"""How many recommenders above a deal a plan of several levels pays, unless it says so."""


@dataclass(frozen=True, kw_only=True)
class RewardPlan:
    """One plan; money is in the currency of the data.

    kind: flat (``amount`` to the referrer of a closed deal), two-sided (and ``friend`` to the
    referred), threshold (``amount`` from its ``after``-th closed deal on), geometric (``base`` ×
    ``decay``^k of the value of the deal to the k-th recommender above it), recursive (``amount`` ×
    ``decay``^k), direct (``rate`` of the value to the referrer), profit-share (``rate`` of the
    profit to the referrer). levels: recommenders above a deal that are paid. budget: what the whole
    may cost, None = no limit.
    """

    name: str
    kind: str
    amount: float = 0.0
    friend: float = 0.0
    after: int = 1
    rate: float = 0.0
    base: float = 0.0
    decay: float = 0.5
    levels: int = LEVELS
    budget: float | None = None

    @property
    def amounts(self) -> tuple[float, ...]:
        """Money per closed deal for each recommender above it, nearest first; may be empty."""
        if self.kind == "recursive":
            return tuple(self.amount * self.decay**k for k in range(1, self.levels + 1))
        return (self.amount,) if self.kind in ("flat", "two-sided", "threshold") else ()

    @property
    def rates(self) -> tuple[float, ...]:
        """Shares of the value of a deal for each recommender above it, nearest first."""
        if self.kind == "geometric":
            return tuple(self.base * self.decay**k for k in range(1, self.levels + 1))
        return (self.rate,) if self.kind in ("direct", "profit-share") else ()

    @property
    def most_per_deal(self) -> float:
        """M49: the most that one closed deal can cost, on top of `most_of_value`."""
        return sum(self.amounts) + self.friend

    @property
    def most_of_value(self) -> float:
        """M49: the largest share of its value that one closed deal can cost."""
        return sum(self.rates)

    @property
    def pays(self) -> bool:
        """Whether it pays anything at all."""
        return self.most_per_deal > 0 or self.most_of_value > 0

    @property
    def depth(self) -> int:
        """How many recommenders above a deal get more than nothing."""
        return sum(part > 0 for part in (self.amounts or self.rates))

    def price(self, value: float) -> list[float]:
        """What one deal of that value pays each recommender above it, nearest first."""
        return list(self.amounts) or [rate * max(value, 0.0) for rate in self.rates]
