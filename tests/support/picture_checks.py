"""Slow, independent checks of a finished Scene: overlapping rectangles, crossing edges."""

from __future__ import annotations

import numpy as np

from refgraph.renderers.fonts import Font
from refgraph.renderers.scene import Lines, Marks, Scene, Texts

AROUND = {"title", "headline", "legend", "legend-mark", "legend-line", "caption"}


def rectangles(scene: Scene, font: Font, around: bool = False) -> np.ndarray:
    """float64[n, 4] (left, top, right, bottom) of texts and marks of the tree, or of its frame.

    Without texts that are turned; `turned_boxes` has these, too.
    """
    found = [np.zeros((0, 4))]
    for group in scene.groups:
        if isinstance(group, Lines) or (group.name in AROUND) != around:
            continue
        if isinstance(group, Texts) and group.angles is not None:
            continue
        if isinstance(group, Marks):
            found.append(
                np.stack(
                    (group.x - group.r, group.y - group.r, group.x + group.r, group.y + group.r),
                    axis=1,
                )
            )
        else:
            wide = (
                np.array([sum(float(font.advance[ord(c)]) for c in text) for text in group.texts])
                * group.size
            )
            left = group.x - wide * {"start": 0, "middle": 0.5, "end": 1}[group.anchor]
            found.append(
                np.stack(
                    (left, group.y - 0.8 * group.size, left + wide, group.y + 0.2 * group.size),
                    axis=1,
                )
            )
    return np.concatenate(found)


def turned_boxes(scene: Scene, font: Font) -> np.ndarray:
    """float64[n, 4, 2]: the corners of all texts and marks of the tree, each turned as it is."""
    found = []
    for group in scene.groups:
        if isinstance(group, Lines) or group.name in AROUND:
            continue
        for k in range(len(group)):
            if isinstance(group, Marks):
                r, turn, low, high = group.r[k], 0.0, -group.r[k], group.r[k]
                left, right = -r, r
            else:
                wide = sum(float(font.advance[ord(c)]) for c in group.texts[k]) * group.size
                left = -wide * {"start": 0, "middle": 0.5, "end": 1}[group.anchor]
                right, low, high = left + wide, -0.8 * group.size, 0.2 * group.size
                turn = 0.0 if group.angles is None else np.radians(group.angles[k])
            corners = np.array([[left, low], [right, low], [right, high], [left, high]])
            spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
            found.append(corners @ spin + [group.x[k], group.y[k]])
    return np.array(found)


def turned_overlaps(boxes: np.ndarray, slack: float = 0.02) -> int:
    """Pairs of turned rectangles that no line separates by -slack; all pairs are compared."""
    axes = np.stack((boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 0]), axis=1)
    axes = axes / np.maximum(np.linalg.norm(axes, axis=2, keepdims=True), 1e-9)
    met = np.ones((len(boxes), len(boxes)), bool)
    for k in (0, 1):
        along = np.einsum("nd,mcd->nmc", axes[:, k], boxes)
        low, high = along.min(axis=2), along.max(axis=2)
        own_low, own_high = np.diag(low)[:, None], np.diag(high)[:, None]
        met &= (low < own_high - slack) & (own_low < high - slack)
    return int(np.triu(met & met.T, 1).sum())


def overlaps(boxes: np.ndarray, axis: int = 1, slack: float = 0.02) -> int:
    """Number of pairs of rectangles that overlap by more than `slack`.

    Fast if few rectangles share a range of the axis (0 = x, 1 = y).
    """
    boxes = boxes[np.argsort(boxes[:, axis], kind="stable")]
    pairs, k = 0, 1
    while k < len(boxes):
        a, b = boxes[:-k], boxes[k:]
        near = b[:, axis] < a[:, axis + 2] - slack
        if (
            not near.any()
            and (b[:, axis] > np.maximum.accumulate(boxes[:, axis + 2])[:-k] - slack).all()
        ):
            break
        other = 1 - axis
        pairs += int(
            (
                near
                & (b[:, other] < a[:, other + 2] - slack)
                & (a[:, other] < b[:, other + 2] - slack)
            ).sum()
        )
        k += 1
    return pairs


def edges(scene: Scene) -> np.ndarray:
    """float64[m, 6, 2]: control points of all primary edges, those to stubs included."""
    return np.concatenate(
        [
            g.points
            for g in scene.groups
            if isinstance(g, Lines) and g.name.split()[0] in ("edge", "edge-stub")
        ]
    )


def polylines(points: np.ndarray, steps: int = 14) -> np.ndarray:
    """The edges as lines of short pieces."""
    t = np.linspace(0, 1, steps)[None, :, None]
    p, u = points[:, :, None, :], 1 - np.linspace(0, 1, steps)[None, :, None]
    bend = u**3 * p[:, 1] + 3 * u**2 * t * p[:, 2] + 3 * u * t**2 * p[:, 3] + t**3 * p[:, 4]
    return np.concatenate((points[:, :1], bend, points[:, 5:]), axis=1)


def crossings(points: np.ndarray) -> int:
    """Pairs of pieces of edges that begin at different parties and have a point in common."""
    lines = polylines(points)
    family = np.unique(points[:, 0], axis=0, return_inverse=True)[1].ravel()
    a, b = lines[:, :-1].reshape(-1, 2), lines[:, 1:].reshape(-1, 2)
    owner = np.repeat(family, lines.shape[1] - 1)

    def turn(p: np.ndarray, q: np.ndarray, r: np.ndarray) -> np.ndarray:
        u, w = q - p, r - p
        return np.sign(u[..., 0] * w[..., 1] - u[..., 1] * w[..., 0])

    p, q, r, s = a[:, None], b[:, None], a[None, :], b[None, :]
    meet = (turn(p, q, r) * turn(p, q, s) < 0) & (turn(r, s, p) * turn(r, s, q) < 0)
    return int((meet & (owner[:, None] != owner[None, :])).sum()) // 2


def count_through(points: np.ndarray, boxes: np.ndarray) -> int:
    """Number of pairs of an edge and a rectangle that it crosses, without the marks at its ends."""
    lines = polylines(points)
    t = np.linspace(0, 1, 6)[None, None, :, None]
    dots = (lines[:, :-1, None] * (1 - t) + lines[:, 1:, None] * t).reshape(
        len(lines), 6 * (lines.shape[1] - 1), 1, 2
    )
    inside = (dots > boxes[:, :2] + 0.05) & (dots < boxes[:, 2:] - 0.05)
    return int(inside.all(axis=3).any(axis=1).sum())


def texts_of(scene: Scene, *names: str) -> list[str]:
    """All texts of the groups of these names."""
    return [t for g in scene.groups if isinstance(g, Texts) and g.name in names for t in g.texts]
