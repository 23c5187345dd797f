"""Scene: what a picture is made of, as arrays; both back ends (svg, image) draw only this.

Lengths are pixels, y grows downwards. Groups are drawn in order, each in one ink, so that a back
end never handles single parties. The name of a group says what it stands for (``closed``, ``name``,
``second`` ...); the SVG keeps it as a class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from refgraph.renderers.palette import Ink

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True, eq=False, kw_only=True)
class Lines:
    """points: float64[m, k, 2]. code: what the k points are (M, L, C as in `layouts.edges`).

    fill: a color or None.
    """

    name: str
    points: Floats
    code: str
    color: str
    width: float = 1.4
    dash: tuple[float, float] | None = None
    fill: str | None = None

    def __len__(self) -> int:
        return len(self.points)


@dataclass(frozen=True, eq=False, kw_only=True)
class Marks:
    """x, y, r: float64[m], center and radius (of a square: half its side).

    shape: circle or square. titles: what a page shows on hovering.
    """

    name: str
    x: Floats
    y: Floats
    r: Floats
    fill: str
    color: str
    width: float = 1.2
    shape: str = "circle"
    titles: Sequence[str] | None = None
    dash: tuple[float, float] | None = None

    def __len__(self) -> int:
        return len(self.x)

    @classmethod
    def from_ink(
        cls,
        name: str,
        x: Floats,
        y: Floats,
        r: Floats,
        ink: Ink,
        titles: Sequence[str] | None = None,
    ) -> Marks:
        """Marks in one ink."""
        return cls(
            name=name,
            x=x,
            y=y,
            r=r,
            fill=ink.fill,
            color=ink.color,
            width=ink.width,
            shape=ink.shape,
            titles=titles,
            dash=ink.dash,
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class Texts:
    """x, y: float64[m], the anchor of each text on its base line.

    anchor: start, middle or end, the part of the text that is at x. angles: float64[m], degrees by
    which each text is turned clockwise around its anchor; None = none is.
    """

    name: str
    x: Floats
    y: Floats
    texts: Sequence[str]
    size: float
    color: str
    anchor: str = "start"
    titles: Sequence[str] | None = None
    angles: Floats | None = None

    def __len__(self) -> int:
        return len(self.x)


Group = Lines | Marks | Texts


def translate_group(group: Group, dx: float, dy: float) -> Group:
    """The group moved by some pixels."""
    if isinstance(group, Lines):
        return replace(group, points=group.points + np.array([dx, dy]))
    return replace(group, x=group.x + dx, y=group.y + dy)


def scale_group(group: Group, factor: float) -> Group:
    """The group enlarged from 0, 0, its lines and texts included."""
    if isinstance(group, Texts):
        return replace(group, x=group.x * factor, y=group.y * factor, size=group.size * factor)
    dash = (group.dash[0] * factor, group.dash[1] * factor) if group.dash else None
    if isinstance(group, Lines):
        width = group.width * factor
        return replace(group, points=group.points * factor, width=width, dash=dash)
    x, y, r = group.x * factor, group.y * factor, group.r * factor
    return replace(group, x=x, y=y, r=r, width=group.width * factor, dash=dash)


def measure_groups(
    groups: Sequence[Group], width: float, height: float
) -> tuple[float, float, float, float]:
    """left, top, right, bottom of a drawing of some size and of the lines and marks around it."""
    points = [group.points.reshape(-1, 2) for group in groups if isinstance(group, Lines)]
    for group in groups:
        if isinstance(group, Marks) and len(group):
            center = np.stack((group.x, group.y), axis=1)
            points += [center - group.r[:, None], center + group.r[:, None]]
    corners = np.concatenate((*points, [[0.0, 0.0], [width, height]]))
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


@dataclass(frozen=True, eq=False, kw_only=True)
class Scene:
    """width, height: of the page. title, description: for readers who do not see it."""

    width: float
    height: float
    title: str
    description: str
    lang: str
    groups: tuple[Group, ...]
    background: str = "#ffffff"

    def all_texts(self) -> list[str]:
        """Every text that is drawn."""
        return [text for group in self.groups if isinstance(group, Texts) for text in group.texts]
