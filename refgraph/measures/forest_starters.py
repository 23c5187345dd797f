"""The best starters on a forest: exactly by tables, or step by step with a certain bound."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from refgraph.kernels import forest_seeds, seed_passes
from refgraph.measures.cascade import Cascade
from refgraph.measures.starters import (
    GreedyChoice,
    Limit,
    Starters,
    list_reached,
)
from refgraph.model.graph import Bools, Floats, Forest, Ints, Longs

MAX_CELLS = 20_000_000
"""Larger tables are not filled; the choice is then made step by step."""
MAX_CHOICES = 50_000_000


def choose_on_forest(forest: Forest, cascade: Cascade, limit: Limit) -> Starters:
    """Starters on a forest (M42).

    Exact for a number of starters if the tables of the trees that can matter are small enough. Only
    the ``k`` trees whose best single starter is best can matter: a starter in any other tree may
    move to one of those that has none, and lose nothing.
    """
    order = forest.order
    chance = np.zeros(len(order))
    has_referrer = np.diff(cascade.in_ptr) > 0
    chance[has_referrer] = cascade.p[cascade.in_ptr[:-1][has_referrer]]
    p, w = chance[order], cascade.weight[order]
    parent = forest.preorder_parent

    def activate(members: Sequence[int]) -> Floats:
        is_seed = np.zeros(len(order), np.bool_)
        is_seed[list(members)] = True
        return np.asarray(seed_passes.compute_activation(parent, p, is_seed[order]))

    def evaluate(members: Sequence[int]) -> float:
        return float((w * activate(members)).sum())

    def list_chances(members: Sequence[int]) -> Floats:
        return np.asarray(forest.scatter(activate(members)))

    exact = _choose_exactly(forest, cascade, limit, p, w)
    if exact is not None:
        chosen = _order_by_gain(forest, exact, p, w)
        at_most = evaluate(chosen)
    else:
        greedy, chosen = _choose_greedily(forest, cascade, limit, p, w)
        at_most = greedy.at_most
    return Starters(
        members=tuple(chosen),
        reached=list_reached(evaluate, chosen),
        at_most=at_most,
        half_width=0.0,
        method="bounded" if exact is None else "exact",
        evaluate=evaluate,
        list_chances=list_chances,
    )


def _choose_greedily(
    forest: Forest, cascade: Cascade, limit: Limit, p: Floats, w: Floats
) -> tuple[GreedyChoice, list[int]]:
    """Starters one by one, or the best single one if that reaches more within a budget."""
    order, parent = forest.order, forest.preorder_parent
    choice, is_seed = GreedyChoice(cascade, limit), np.zeros(len(order), np.bool_)
    while True:
        value, gain = _compute_gains(parent, p, w, is_seed)
        by_party = np.asarray(forest.scatter(gain))
        choice.note_bound(value, by_party)
        best = choice.choose(by_party)
        if best < 0:
            break
        is_seed[order == best] = True
    single = _find_best_single(forest, cascade, limit, p, w)
    if single >= 0:
        alone = np.zeros(len(order), np.bool_)
        alone[order == single] = True
        if _compute_gains(parent, p, w, alone)[0] > value:
            return choice, [single]
    return choice, choice.members


def _find_best_single(forest: Forest, cascade: Cascade, limit: Limit, p: Floats, w: Floats) -> int:
    """The affordable starter that reaches most alone; -1 without a budget."""
    if limit.k is not None or cascade.cost is None:
        return -1
    nobody = np.zeros(len(w), np.bool_)
    _, gain = _compute_gains(forest.preorder_parent, p, w, nobody)
    is_usable = cascade.is_candidate & (cascade.cost <= limit.size)
    score = np.where(is_usable, np.asarray(forest.scatter(gain)), -1.0)
    return int(np.argmax(score)) if len(score) and score.max() > 0 else -1


def _compute_gains(parent: Ints, p: Floats, w: Floats, is_seed: Bools) -> tuple[float, Floats]:
    """What the seeds reach, and float64[n], by preorder index: what each other node would add."""
    reached = seed_passes.compute_activation(parent, p, is_seed)
    alone = seed_passes.compute_unblocked_sums(parent, p, w, is_seed)
    return float((w * reached).sum()), np.where(is_seed, 0.0, (1.0 - reached) * alone)


def _choose_exactly(
    forest: Forest, cascade: Cascade, limit: Limit, p: Floats, w: Floats
) -> list[int] | None:
    """The best set, as parties; None for a budget, or if the tables would be too large."""
    k = limit.count(cascade)
    if limit.k is None or k > forest_seeds.MAX_SEEDS:
        return None
    if not k:
        return []
    kept = _select_trees(forest, cascade, p, w, k)
    parent = _cut_out(forest, kept)
    size, depth = forest.size[kept], forest.depth[kept]
    children = int(np.bincount(parent[parent >= 0]).max()) if (parent >= 0).any() else 0
    _, _, cells = forest_seeds.lay_out_table(size, depth, k)
    if cells > MAX_CELLS or children * (k + 1) > MAX_CHOICES:
        return None
    order = forest.order[kept]
    tree = (parent, np.ascontiguousarray(size), np.ascontiguousarray(depth))
    facts = (p[kept], w[kept], cascade.is_candidate[order])
    return [int(order[i]) for i in forest_seeds.choose_forest_seeds(*tree, *facts, k)]


def _select_trees(forest: Forest, cascade: Cascade, p: Floats, w: Floats, k: int) -> Bools:
    """bool[n], by preorder index: the nodes of the k trees whose best single starter is best."""
    parent = forest.preorder_parent
    alone = seed_passes.compute_unblocked_sums(parent, p, w, np.zeros(len(w), np.bool_))
    alone = np.where(cascade.is_candidate[forest.order], alone, -1.0)
    best = np.maximum.reduceat(alone, np.flatnonzero(parent < 0))
    trees = np.argsort(-best, kind="stable")[:k]
    return _mark_trees(parent, trees[best[trees] >= 0])


def _mark_trees(parent: Ints, trees: Longs) -> Bools:
    """bool[n], by preorder index: the nodes of some trees, given by their numbers."""
    is_root = parent < 0
    is_marked = np.zeros(int(is_root.sum()), np.bool_)
    is_marked[trees] = True
    return np.asarray(is_marked[np.cumsum(is_root) - 1])


def _cut_out(forest: Forest, kept: Bools) -> Ints:
    """int32: the parents of the nodes of whole trees, numbered among these alone."""
    number = np.cumsum(kept, dtype=np.int32) - 1
    above = forest.preorder_parent[kept]
    return np.where(above >= 0, number[above], -1).astype(np.int32)


def _order_by_gain(forest: Forest, members: Sequence[int], p: Floats, w: Floats) -> list[int]:
    """A set in the order in which each adds most to those before; ties by id."""
    place = np.flatnonzero(np.isin(forest.order, members))
    tree_of = np.cumsum(forest.preorder_parent < 0) - 1
    kept = _mark_trees(forest.preorder_parent, tree_of[place])
    parent, order, p, w = _cut_out(forest, kept), forest.order[kept], p[kept], w[kept]
    place = np.flatnonzero(np.isin(order, members))
    is_seed, ordered = np.zeros(len(w), np.bool_), list[int]()
    while len(place):
        _, gain = _compute_gains(parent, p, w, is_seed)
        best = min(place.tolist(), key=lambda one: (-gain[one], order[one]))
        is_seed[best] = True
        ordered.append(int(order[best]))
        place = place[place != best]
    return ordered
