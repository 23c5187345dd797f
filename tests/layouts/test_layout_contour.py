"""The linear packing against a slow one without threads or sums: whole profiles, slice of x by
slice of x.
"""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.layout_trees import (
    chain,
    list_children,
    measure_subtrees,
    preorder,
    random_tree,
    star,
    trees,
)
from support.random_cases import cases

from refgraph.kernels.compilation import force_mode
from refgraph.layouts.contour import FRACTION_BITS, stack_subtrees


def stack_slowly(parent: np.ndarray, half: np.ndarray, end: np.ndarray, gap: int) -> list[int]:
    """Center lines below the root's, as `stack_subtrees` promises them."""
    children = list_children(parent)
    half, end = half.tolist(), end.tolist()

    def find_extent(nodes: dict[int, int], lo: int, hi: int) -> tuple[int, int] | None:
        seen = [v for v in nodes if begin[v] < hi and end[v] > lo]
        if not seen:
            return None
        return min(nodes[v] - half[v] for v in seen), max(nodes[v] + half[v] for v in seen)

    begin = [end[p] if p >= 0 else 0 for p in parent.tolist()]
    drawn: dict[int, dict[int, int]] = {}
    for v in range(len(parent) - 1, -1, -1):
        groups = [drawn.pop(c) for c in children[v]]
        offset = [0] * len(groups)
        extra = [0] * len(groups)
        marks = sorted({end[v], *(end[w] for group in groups for w in group)})
        for j in range(1, len(groups)):
            above, here = children[v][j - 1], children[v][j]
            offset[j] = offset[j - 1] + half[above] + gap + half[here]
            for lo, hi in zip(marks, marks[1:], strict=False):
                mine = find_extent(groups[j], lo, hi)
                others = [(i, find_extent(groups[i], lo, hi)) for i in range(j)]
                seen = [(i, e[1]) for i, e in others if e is not None]
                if mine is None or not seen:
                    break
                i, lower = seen[-1]
                push = offset[i] + lower + gap - (offset[j] + mine[0])
                if push > 0:
                    offset[j] += push
                    for t in range(1, j - i):
                        extra[i + t] += (push << FRACTION_BITS) // (j - i) * t
        middle = (offset[0] + offset[-1]) >> 1 if groups else 0
        drawn[v] = {v: 0}
        for group, at, more in zip(groups, offset, extra, strict=True):
            drawn[v].update(
                {w: y + at + (more >> FRACTION_BITS) - middle for w, y in group.items()}
            )
    return [drawn[0][v] for v in range(len(parent))]


def stack_from_root(parent: np.ndarray, half: np.ndarray, end: np.ndarray, gap: int) -> list[int]:
    out = stack_subtrees(parent, measure_subtrees(parent).astype(np.int32), half, end, gap)
    return (out - out[0]).tolist()


def compute_ends(parent: np.ndarray, widths: list[int], layered: bool) -> np.ndarray:
    end = np.zeros(len(parent), np.int64)
    for v, above in enumerate(parent):
        end[v] = (end[above] if above >= 0 else 0) + (10 if layered else widths[v])
    return end


@settings(max_examples=cases(300), deadline=None)
@given(trees(40), st.integers(0, 2**32), st.booleans(), st.integers(1, 20))
def test_stack_subtrees_equals_slow_stacking(
    parent: np.ndarray, seed: int, layered: bool, gap: int
) -> None:
    random = Random(seed)
    half = np.array([random.choice((0, 3, 7, 40)) for _ in parent], np.int64)
    end = compute_ends(parent, [random.choice((1, 2, 5, 30)) for _ in parent], layered)
    with force_mode("plain"):
        assert stack_from_root(parent, half, end, gap) == stack_slowly(parent, half, end, gap)


def test_stack_subtrees_compiled_equals_slow_stacking() -> None:
    random = Random(11)
    with force_mode("compiled"):
        for _ in range(2000):
            parent = random_tree(random.randrange(1, 40), random)
            half = np.array([random.choice((0, 3, 7, 40)) for _ in parent], np.int64)
            end = compute_ends(
                parent, [random.choice((1, 2, 5, 30)) for _ in parent], random.random() < 0.5
            )
            assert stack_from_root(parent, half, end, 4) == stack_slowly(parent, half, end, 4)


def test_stack_subtrees_plain_equals_compiled() -> None:
    random = Random(5)
    for parent in (random_tree(4000, random), star(4000), chain(4000)):
        half = np.array([random.randrange(1000) for _ in parent], np.int64)
        end = compute_ends(parent, [random.randrange(1, 1000) for _ in parent], False)
        with force_mode("plain"):
            slow = stack_from_root(parent, half, end, 64)
        with force_mode("compiled"):
            assert stack_from_root(parent, half, end, 64) == slow


@pytest.mark.parametrize("how", ["plain", "compiled"])
def test_stack_subtrees_spreads_small_subtrees_evenly_between_large_ones(how: str) -> None:
    parent = preorder([-1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 5, 5, 5, 5, 5])
    half, end = np.full(16, 10, np.int64), compute_ends(parent, [], True)
    with force_mode(how):
        y = stack_from_root(parent, half, end, 4)
    middle = [y[v] for v in list_children(parent)[0]]
    # Five leaves each make the first and the last child 5 * 24 apart, with three others between.
    assert middle == [-60, -30, 0, 30, 60]
