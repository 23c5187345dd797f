"""M47, M48: what false names and collusion would gain under a reward plan, by trying them all.

The smallest case in which each can pay: one deal (for a plan that pays from the n-th deal on, n - 1
deals each) and up to three more names. Every way of referring each other, and of registering the
deals, is priced; whatever recommenders further up get is not theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from refgraph.model.reward_plan import RewardPlan

MAX_ALIASES, MAX_COLLUDERS = 3, 3


def compute_false_name_gain(plan: RewardPlan, value: float, aliases: int = MAX_ALIASES) -> float:
    """M47: the most that one recommender gains on a deal with up to so many empty false names.

    Geometric with base .2 and decay .5, a deal of 1, one false name: from 0.10 to 0.15, so 0.05.
    value: of the deal. aliases: 0 to 3; the names buy nothing themselves.
    """
    honest = _price_forest(plan, value, (-1,), (0,), 1)
    best = max(
        _price_forest(plan, value, parents, (owner,), 1)
        for names in range(1, aliases + 2)
        for parents in _list_forests(names)
        for owner in range(names)
    )
    return best - honest


def compute_collusion_gain(plan: RewardPlan, value: float, most: int = MAX_COLLUDERS) -> float:
    """M48: the most that two or more recommenders gain together by false claims of who referred.

    Each has one deal, or one less than the plan starts to pay for, and nobody is above them.
    value: of each deal. most: colluders, up to three.
    """
    deals = max(plan.after - 1, 1)
    alone = _price_forest(plan, value, (-1,), (0,), deals)
    gains = [
        _price_forest(plan, value, parents, owners, deals) - size * alone
        for size in range(2, most + 1)
        for parents in _list_forests(size)
        for owners in product(range(size), repeat=size)
    ]
    return max(0.0, *gains)


def _list_forests(size: int) -> Iterator[tuple[int, ...]]:
    """Every way in which so many names can have referred each other: parent of each, -1 = nobody.

    Up to the order of the names: a parent has the smaller number.
    """
    return product(*(range(-1, k) for k in range(size)))


def _price_forest(
    plan: RewardPlan, value: float, parents: Sequence[int], owners: Sequence[int], deals: int
) -> float:
    """What all names together are paid for ``deals`` deals registered with each of the owners."""
    prices = plan.price(value)
    if plan.kind == "threshold":
        counts = [deals * list(owners).count(name) for name in range(len(parents))]
        return plan.amount * sum(max(count - plan.after + 1, 0) for count in counts)
    total = 0.0
    for owner in owners:
        name, level = owner, 0
        while name >= 0 and level < len(prices):
            total += deals * prices[level]
            name, level = parents[name], level + 1
    return total
