"""Trees for layout tests, and slow checks of a drawing that do not use the layout code."""

from random import Random

import numpy as np
from hypothesis import strategies as st

from refgraph.layouts.positions import Positions


def preorder(parents: list[int]) -> np.ndarray:
    """Any tree with root 0 (children in list order) renumbered in preorder, by an explicit walk."""
    children: list[list[int]] = [[] for _ in parents]
    for child, above in enumerate(parents[1:], 1):
        children[above].append(child)
    out, pending = [], [(0, -1)]
    while pending:
        v, above = pending.pop()
        pending += [(child, len(out)) for child in reversed(children[v])]
        out.append(above)
    return np.array(out, np.int32)


def random_tree(n: int, random: Random) -> np.ndarray:
    """A random tree: each parent is any earlier node, one of the latest (deep) or of the first."""
    reach = random.choice((n, n, 2, 4))
    if random.random() < 0.3:
        return preorder([-1] + [random.randrange(min(v, reach)) for v in range(1, n)])
    return preorder([-1] + [random.randrange(max(0, v - reach), v) for v in range(1, n)])


def star(n: int) -> np.ndarray:
    return np.array([-1] + [0] * (n - 1), np.int32)


def chain(n: int) -> np.ndarray:
    return np.arange(-1, n - 1, dtype=np.int32)


@st.composite
def trees(draw: st.DrawFn, most: int = 30) -> np.ndarray:
    picks = draw(st.lists(st.integers(0, 10**6), max_size=most - 1))
    return preorder([-1] + [pick % (v + 1) for v, pick in enumerate(picks)])


@st.composite
def draw_boxed_trees(
    draw: st.DrawFn, most: int = 30
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """A tree with box widths, box heights and widths of the texts on its edges."""
    tree = draw(trees(most))
    length = st.one_of(st.integers(0, 90).map(float), st.floats(0, 90))
    lengths = st.lists(length, min_size=len(tree), max_size=len(tree)).map(np.array)
    return tree, draw(lengths), draw(lengths), draw(lengths)


def measure_subtrees(parent: np.ndarray) -> np.ndarray:
    size = np.ones(len(parent), np.int64)
    for v in range(len(parent) - 1, 0, -1):
        size[parent[v]] += size[v]
    return size


def list_children(parent: np.ndarray) -> list[list[int]]:
    children: list[list[int]] = [[] for _ in parent]
    for child in range(1, len(parent)):
        children[parent[child]].append(child)
    return children


def mirror(parent: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The tree with every list of children reversed, and the old index of each node."""
    children, order, above, pending = list_children(parent), [], [], [(0, -1)]
    while pending:
        v, place = pending.pop()
        pending += [(child, len(order)) for child in children[v]]
        order.append(v)
        above.append(place)
    return np.array(above, np.int32), np.array(order)


def count_too_close(
    parent: np.ndarray, at: Positions, width: np.ndarray, height: np.ndarray, gap_y: float
) -> int:
    """Pairs of nodes closer than `gap_y` that overlap in x, counting the edge from the parent."""
    left = np.where(parent < 0, at.x, at.bend_start[parent])
    right = np.maximum(at.x + width, left)
    shared = (left[:, None] < right[None, :]) & (left[None, :] < right[:, None])
    apart = np.abs(at.y[:, None] - at.y[None, :])
    needed = (height[:, None] + height[None, :]) / 2 + gap_y
    return int(np.triu(shared & (apart < needed), 1).sum())


def sample_paths(paths: np.ndarray, steps: int = 12) -> np.ndarray:
    """Edges [m, 6, 2] as polylines [m, points, 2]."""
    t = np.linspace(0, 1, steps)[None, :, None]
    p = paths[:, :, None, :]
    u = 1 - t
    bend = u**3 * p[:, 1] + 3 * u**2 * t * p[:, 2] + 3 * u * t**2 * p[:, 3] + t**3 * p[:, 4]
    return np.concatenate((paths[:, :1], bend, paths[:, 5:]), axis=1)


def crossings(lines: np.ndarray, family: np.ndarray) -> int:
    """Pairs of segments of edges with different parents that have a point in common."""
    a, b = lines[:, :-1].reshape(-1, 2), lines[:, 1:].reshape(-1, 2)
    owner = np.repeat(family, lines.shape[1] - 1)
    real = (a != b).any(axis=1)
    a, b, owner = a[real], b[real], owner[real]

    def compute_side(p: np.ndarray, q: np.ndarray, r: np.ndarray) -> np.ndarray:
        u, w = q - p, r - p
        return np.sign(u[..., 0] * w[..., 1] - u[..., 1] * w[..., 0])

    p, q, r, s = a[:, None], b[:, None], a[None, :], b[None, :]
    apart = (compute_side(p, q, r) * compute_side(p, q, s) > 0) | (
        compute_side(r, s, p) * compute_side(r, s, q) > 0
    )
    for axis in (0, 1):
        high_1, low_1 = np.maximum(p, q)[..., axis], np.minimum(p, q)[..., axis]
        high_2, low_2 = np.maximum(r, s)[..., axis], np.minimum(r, s)[..., axis]
        apart |= (high_1 < low_2) | (high_2 < low_1)
    return int(np.triu(~apart & (owner[:, None] != owner[None, :]), 1).sum())


def count_through_boxes(
    parent: np.ndarray, lines: np.ndarray, at: Positions, width: np.ndarray, height: np.ndarray
) -> int:
    """Pairs of an edge and a box that it passes through, other than the boxes of its ends."""
    t = np.linspace(0, 1, 9)[None, None, :, None]
    fine = lines[:, :-1, None] * (1 - t) + lines[:, 1:, None] * t
    dots = fine.reshape(len(lines), 9 * (lines.shape[1] - 1), 1, 2)
    inside = (dots[..., 0] > at.x) & (dots[..., 0] < at.x + width)
    inside &= np.abs(dots[..., 1] - at.y) < height / 2
    hit = inside.any(axis=1)
    child = np.arange(1, len(parent))
    hit[child - 1, child] = False
    hit[child - 1, parent[1:]] = False
    return int(hit.sum())
