"""The best seeds of a forest, exactly: a table by node, nearest seed above, and number of seeds."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.arrays import Bool, Bytes, Float64, Int32, Int64
from refgraph.kernels.compilation import kernel, subroutine

MAX_SEEDS = 255
"""More seeds do not fit into the bytes of a choice."""


def lay_out_table(size: Int32, depth: Int32, k: int) -> tuple[Int64, Int64, int]:
    """(start int64[n], width int64[n] = min(k, nodes in the subtree), number of cells).

    Cell (v, c, j) is at start[v] + c·(width[v] + 1) + j: the most that the subtree of v gives with
    at most j seeds in it, if the nearest seed above v has depth c − 1; c = 0: there is none.
    """
    width = np.minimum(size.astype(np.int64), k)
    room = (depth.astype(np.int64) + 1) * (width + 1)
    end = np.cumsum(room)
    return end - room, width, int(end[-1]) if len(end) else 0


def choose_forest_seeds(
    parent: Int32,
    size: Int32,
    depth: Int32,
    p: Float64,
    w: Float64,
    is_candidate: Bool,
    k: int,
) -> Int32:
    """int32: at most k candidates (preorder indexes, ascending) whose expected reach is largest.

    Arrays by preorder index; p float64[n] in 0..1: chance from the parent; w float64[n], not
    negative. Of equal sets one with fewer seeds, else with seeds lower down. A table by dynamic
    programming, O(cells · children merged); exact but for rounding. Raises ValueError for k above
    255.
    """
    if k > MAX_SEEDS:
        raise ValueError(f"at most {MAX_SEEDS} seeds")
    start, width, count = lay_out_table(size, depth, k)
    cells = np.zeros(count)
    deepest = int(depth.max()) if len(depth) else 0
    scratch = (np.zeros(k + 1), np.zeros(k + 1), np.zeros(deepest + 2))
    tree = (parent, size, depth, p, w, is_candidate, k, start, width, cells)
    _fill_table(*tree, *scratch, _estimate_merges(parent, depth, width))
    roots = int((parent < 0).sum())
    children = np.bincount(parent[parent >= 0], minlength=1) if len(parent) else np.zeros(1, int)
    most = max(roots, int(children.max()))
    choice, child = np.zeros((most + 1) * (k + 1), np.uint8), np.zeros(most + 1, np.int32)
    stack, chosen = np.zeros(3 * (len(parent) + 1), np.int64), np.zeros(k, np.int32)
    found = _trace_choice(*tree, *scratch, choice, child, stack, chosen, count)
    return np.sort(chosen[:found])


def _estimate_merges(parent: Int32, depth: Int32, width: Int64) -> int:
    """About how many sums the merging takes: each row of a child against half a row of its parent,
    and each cell once.
    """
    row = (depth.astype(np.int64) + 1) * (width + 1)
    above = np.where(parent >= 0, width[parent], 0) if len(parent) else width
    return int((row * (1 + above // 2)).sum())


@kernel(steps=lambda *arguments: arguments[-1])
def _fill_table(
    parent: Int32,
    size: Int32,
    depth: Int32,
    p: Float64,
    w: Float64,
    is_candidate: Bool,
    k: int,
    start: Int64,
    width: Int64,
    cells: Float64,
    merged: Float64,
    scratch: Float64,
    chance: Float64,
    work: int,
) -> None:
    """Fill the cells, children before parents."""
    for v in range(len(parent) - 1, -1, -1):
        d, wide = int(depth[v]), int(width[v])
        end = v + int(size[v])
        _fill_chances(parent, p, v, d, chance)
        for c in range(d + 1):
            filled = _merge(size, start, width, cells, k, v + 1, end, c, merged, scratch)
            base = int(start[v]) + c * (wide + 1)
            for j in range(wide + 1):
                cells[base + j] = w[v] * chance[c] + merged[min(j, filled)]
        if not is_candidate[v]:
            continue
        filled = _merge(size, start, width, cells, k, v + 1, end, d + 1, merged, scratch)
        for c in range(d + 1):
            base = int(start[v]) + c * (wide + 1)
            for j in range(1, wide + 1):
                with_seed = w[v] + merged[min(j - 1, filled)]
                if with_seed > cells[base + j]:
                    cells[base + j] = with_seed


@subroutine
def _fill_chances(parent: Int32, p: Float64, v: int, d: int, chance: Float64) -> None:
    """chance[c] float64[d+1]: that v is reached if the nearest seed above it has depth c − 1."""
    chance[0] = 0.0
    product, u = p[v], v
    for c in range(d, 0, -1):
        chance[c] = product
        u = int(parent[u])
        product *= p[u]


@subroutine
def _merge(
    size: Int32,
    start: Int64,
    width: Int64,
    cells: Float64,
    k: int,
    first: int,
    end: int,
    c: int,
    merged: Float64,
    scratch: Float64,
) -> int:
    """merged[j]: the most that all subtrees of first .. end-1 give with at most j seeds; returns
    the largest j that is filled.
    """
    merged[0] = 0.0
    filled, child = 0, first
    while child < end:
        wide = int(width[child])
        base = int(start[child]) + c * (wide + 1)
        most = min(k, filled + wide)
        for j in range(most + 1):
            best = -1.0
            for i in range(max(0, j - filled), min(wide, j) + 1):
                total = merged[j - i] + cells[base + i]
                if total > best:
                    best = total
            scratch[j] = best
        for j in range(most + 1):
            merged[j] = scratch[j]
        filled = most
        child += int(size[child])
    return filled


@subroutine
def _merge_with_choice(
    size: Int32,
    start: Int64,
    width: Int64,
    cells: Float64,
    k: int,
    first: int,
    end: int,
    c: int,
    merged: Float64,
    scratch: Float64,
    choice: Bytes,
    child_of: Int32,
) -> int:
    """As `_merge`, and choice[number·(k+1) + j]: the seeds that each child takes of j; returns how
    many children there are.
    """
    merged[0] = 0.0
    filled, child, number = 0, first, 0
    while child < end:
        wide = int(width[child])
        base = int(start[child]) + c * (wide + 1)
        most = min(k, filled + wide)
        child_of[number] = child
        for j in range(k + 1):
            best, took, held = -1.0, 0, min(j, most)
            for i in range(max(0, held - filled), min(wide, held) + 1):
                total = merged[held - i] + cells[base + i]
                if total > best:
                    best, took = total, i
            scratch[held] = best
            choice[number * (k + 1) + j] = took
        for j in range(most + 1):
            merged[j] = scratch[j]
        filled, number = most, number + 1
        child += int(size[child])
    for j in range(filled + 1, k + 1):
        merged[j] = merged[filled]
    return number


@kernel(steps=lambda *arguments: arguments[-1])
def _trace_choice(
    parent: Int32,
    size: Int32,
    depth: Int32,
    p: Float64,
    w: Float64,
    is_candidate: Bool,
    k: int,
    start: Int64,
    width: Int64,
    cells: Float64,
    merged: Float64,
    scratch: Float64,
    chance: Float64,
    choice: Bytes,
    child_of: Int32,
    stack: Int64,
    chosen: Int32,
    work: int,
) -> int:
    """Follow the best cells down from the roots; returns how many seeds were chosen."""
    end, found, top = len(parent), 0, 0
    tables = (size, start, width, cells, k)
    number = _merge_with_choice(*tables, 0, end, 0, merged, scratch, choice, child_of)
    top = _push_children(number, k, k, 0, choice, child_of, stack, top)
    while top > 0:
        top -= 3
        v, c, j = int(stack[top]), int(stack[top + 1]), int(stack[top + 2])
        end, last = v + int(size[v]), int(depth[v]) + 1
        number = _merge_with_choice(*tables, v + 1, end, c, merged, scratch, choice, child_of)
        value = cells[start[v] + c * (int(width[v]) + 1) + j]
        _fill_chances(parent, p, v, last - 1, chance)
        if value > w[v] * chance[c] + merged[j] and is_candidate[v]:
            chosen[found] = v
            found += 1
            c, j = last, j - 1
            number = _merge_with_choice(*tables, v + 1, end, c, merged, scratch, choice, child_of)
        top = _push_children(number, k, j, c, choice, child_of, stack, top)
    return found


@subroutine
def _push_children(
    number: int, k: int, j: int, c: int, choice: Bytes, child_of: Int32, stack: Int64, top: int
) -> int:
    """Put every child that takes seeds on the stack, the last child first; the new top."""
    for at in range(number - 1, -1, -1):
        took = int(choice[at * (k + 1) + j])
        if took > 0:
            stack[top] = child_of[at]
            stack[top + 1] = c
            stack[top + 2] = took
            top += 3
        j -= took
    return top
