"""The ledger of reward plans: to the cent that of exact fractions, and it adds up in each tree."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from support import toys
from support.random_cases import cases

from refgraph.graph import build_graph
from refgraph.measures.payouts import build_ledger
from refgraph.model.dataset import Dataset
from refgraph.model.reward_plan import RewardPlan
from refgraph.model.scope import Scope


def round_cents(amount: Fraction) -> int:
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return int((exact * 100).quantize(Decimal(1), ROUND_HALF_UP))


@st.composite
def trees(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """Parent of each node, -1 = root, and its value in cents."""
    n = draw(st.integers(1, 12))
    parents = [draw(st.integers(-1, k - 1)) for k in range(n)]
    return parents, draw(st.lists(st.integers(0, 99999), min_size=n, max_size=n))


def pay_exactly(plan: RewardPlan, parents: list[int], values: list[int], levels: int) -> list[int]:
    """Cents for each node: half as much at each level, of 81 or of a share of the value."""
    cents = [0] * len(parents)
    for node, value in enumerate(values):
        is_fixed = plan.kind == "recursive"
        base = Fraction(81) if is_fixed else Fraction(str(plan.base)) * Fraction(value, 100)
        above, level = parents[node], 1
        while above >= 0 and level <= levels:
            cents[above] += round_cents(base / 2**level)
            above, level = parents[above], level + 1
    return cents


def list_plans(rate: str, levels: int) -> tuple[RewardPlan, RewardPlan]:
    return (
        RewardPlan(name="", kind="geometric", base=float(rate), decay=0.5, levels=levels),
        RewardPlan(name="", kind="recursive", amount=81, decay=0.5, levels=levels),
    )


def build_worth(parents: list[int], values: list[int]) -> Dataset:
    people = {f"{k:06d}": f"{v / 100:.2f}" for k, v in enumerate(values)}
    pairs = [(f"{p:06d}", f"{k:06d}") for k, p in enumerate(parents) if p >= 0]
    return toys.worth(dict(people), pairs)


@given(trees(), st.integers(1, 4), st.sampled_from(["0.02", "0.35", "0.5"]))
@settings(max_examples=cases(1000), deadline=None)
def test_ledger_is_that_of_exact_fractions_and_adds_up(
    tree: tuple[list[int], list[int]], levels: int, rate: str
) -> None:
    parents, values = tree
    graph = build_graph(build_worth(parents, values), Scope())
    for plan in list_plans(rate, levels):
        cents = pay_exactly(plan, parents, values, levels)
        ledger = build_ledger(graph, plan)
        assert ledger.sum_by_receiver(len(graph)).tolist() == cents
        assert int(ledger.cents.sum()) == sum(cents) == round(ledger.total * 100)


def test_ledger_of_ten_thousand_trees_adds_up_in_each() -> None:
    dice = np.random.default_rng(45)
    parents: list[int] = []
    tree_of: list[int] = []
    for tree in range(cases(10_000)):
        first, size = len(parents), int(dice.integers(1, 13))
        parents += [-1, *(first + int(dice.integers(0, k)) for k in range(1, size))]
        tree_of += [tree] * size
    values = dice.integers(0, 100_000, len(parents)).tolist()
    graph = build_graph(build_worth(parents, values), Scope())
    for plan in list_plans("0.35", 3):
        paid = build_ledger(graph, plan).sum_by_receiver(len(graph))
        expected = pay_exactly(plan, parents, values, 3)
        assert np.bincount(tree_of, paid).tolist() == np.bincount(tree_of, expected).tolist()
        assert paid.tolist() == expected
