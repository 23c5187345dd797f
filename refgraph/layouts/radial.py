"""A tree around its root: each subtree has a sector of its own, each label runs along its spoke.

A box begins behind its parent's box, one gap further out, and points away from the root. The angle
that a subtree gets is the larger of what its own box needs at its distance and what its children
need together. All boxes stand as much further out as it takes for these angles to fit a circle.
"""

from dataclasses import dataclass

import numpy as np

from refgraph.kernels.arrays import Float64, Int32
from refgraph.kernels.compilation import kernel, subroutine
from refgraph.layouts.positions import check_preorder

FULL_CIRCLE = 2 * np.pi
TOP = -np.pi / 2
"""The direction in which the first child begins."""
STEPS = 50
"""Halvings of the search for the nearest distance."""
ARC_POINTS = 12
"""Points of an edge after its first one."""


@dataclass(frozen=True, eq=False)
class RadialPlaces:
    """distance: float64[n], pixels from the center to the near end of each box (the root: 0).

    angle: float64[n], radians, clockwise from the right, the direction in which each box points.
    """

    distance: Float64
    angle: Float64


def lay_out_radial(
    parent: Int32, width: Float64, height: Float64, *, hole: float, gap: float
) -> RadialPlaces:
    """Where the boxes of a tree stand; O(n).

    parent: int32[n] in preorder. width, height: float64[n], pixels of each box along and across its
    spoke, with the space around it; those of the root do not count. hole: pixels around the center
    that belong to the root. gap: pixels between a box and its children's.

    No box reaches into the sector of another branch, and children begin behind their parent, so
    that no two boxes overlap if gap is more than an eighth of height² / (hole + width).
    Raises ValueError when `parent` is not a tree in preorder, lengths differ, a length is negative
    or not finite, or a height or the hole 0.
    """
    tree = check_preorder(parent)
    if width.shape != tree.parent.shape or height.shape != tree.parent.shape:
        raise ValueError("parent, width and height differ in length")
    lengths = np.concatenate((width, height, [hole, gap]))
    if not np.isfinite(lengths).all() or (lengths < 0).any() or not (height[1:] * hole > 0).all():
        raise ValueError("a length is negative or not finite, or a height or the hole is 0")
    if not len(parent):
        return RadialPlaces(np.zeros(0), np.zeros(0))
    start, needed = np.zeros(len(parent)), np.zeros(len(parent))
    _add_widths(tree.parent, width, hole, gap, start)
    start[1:] += _find_shift(tree.parent, start, height / 2, needed)
    angle, end = np.zeros(len(parent)), np.zeros(len(parent))
    _place_sectors(tree.parent, needed, angle, end)
    start[0] = 0.0
    return RadialPlaces(start, angle + TOP)


@kernel(steps=lambda parent, width, hole, gap, start: len(parent))
def _add_widths(parent: Int32, width: Float64, hole: float, gap: float, start: Float64) -> None:
    """The nearest that each box may be: behind its parent's box."""
    start[0] = hole - width[0]
    for v in range(1, len(parent)):
        start[v] = start[parent[v]] + width[parent[v]] + gap


@subroutine
def _sum_angles(
    parent: Int32, start: Float64, half: Float64, shift: float, needed: Float64
) -> float:
    """The angle of each subtree where all boxes are `shift` further out, and that of the root.

    Half a box over its distance is a little more than the angle, and exact in every compiler.
    """
    needed[:] = 0.0
    for v in range(len(parent) - 1, 0, -1):
        own = 2.0 * half[v] / (start[v] + shift)
        if own > needed[v]:
            needed[v] = own
        needed[parent[v]] += needed[v]
    return float(needed[0])


@kernel(steps=lambda parent, start, half, needed: 2 * STEPS * len(parent))
def _find_shift(parent: Int32, start: Float64, half: Float64, needed: Float64) -> float:
    """The least shift at which all subtrees fit a circle; `needed` are the angles there."""
    low, high = 0.0, 0.0
    while _sum_angles(parent, start, half, high, needed) > FULL_CIRCLE:
        low, high = high, 2.0 * high + 1.0
    for _ in range(STEPS if high > 0.0 else 0):
        middle = (low + high) / 2.0
        if _sum_angles(parent, start, half, middle, needed) > FULL_CIRCLE:
            low = middle
        else:
            high = middle
    _sum_angles(parent, start, half, high, needed)
    return high


@kernel(steps=lambda parent, needed, angle, end: 2 * len(parent))
def _place_sectors(parent: Int32, needed: Float64, angle: Float64, end: Float64) -> None:
    """Center of the sector of each subtree; what its parent's sector has to spare is shared in
    proportion. end: up to where the sector of each place is taken by its children.
    """
    wide, taken = np.zeros(len(parent)), np.zeros(len(parent))
    for v in range(1, len(parent)):
        taken[parent[v]] += needed[v]
    wide[0] = FULL_CIRCLE
    for v in range(1, len(parent)):
        p = parent[v]
        wide[v] = needed[v] * (wide[p] / taken[p])
        angle[v] = end[p] + wide[v] / 2.0
        end[v] = end[p]
        end[p] += wide[v]


def connect_radial(parent: Int32, places: RadialPlaces, width: Float64, hole: float) -> Float64:
    """The edge to each box but the root's, float64[n-1, `ARC_POINTS` + 1, 2], straight pieces.

    From the end of the parent's box, the rim of the hole for the root, between the circles of both
    ends to the near end of the child's box. x and y are pixels from the center.
    """
    above = parent[1:]
    share = np.linspace(0.0, 1.0, ARC_POINTS + 1)
    ease = share * share * (3.0 - 2.0 * share)
    first = np.where(above == 0, hole, places.distance[above] + width[above])[:, None]
    turn = np.where(above == 0, places.angle[1:], places.angle[above])[:, None]
    radius = first + (places.distance[1:, None] - first) * share
    angle = turn + (places.angle[1:, None] - turn) * ease
    return np.stack((radius * np.cos(angle), radius * np.sin(angle)), axis=2)
