"""Scene: what a picture is made of, as arrays; both back ends (svg, image) draw it and nothing else.

Lengths are pixels, y grows downwards. Groups are drawn in order, each in one ink, so that a back end never sees single
parties. A group's ``name`` says what it stands for (``closed``, ``name``, ``second`` ...): the SVG keeps it as a class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True, eq=False)
class Lines:
    """points: float64[m, k, 2]. code: what the k points are (M, L, C as in `layouts.edges`). fill: colour or none."""

    name: str
    points: Floats
    code: str
    color: str
    width: float = 1.4
    dash: tuple[float, float] | None = None
    fill: str | None = None


@dataclass(frozen=True, eq=False)
class Marks:
    """x, y, r: float64[m], centre and radius (of a square: half its side). titles: what a page shows on hovering."""

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


@dataclass(frozen=True, eq=False)
class Texts:
    """x, y: float64[m], where the text begins (anchor start), its middle or its end, on its base line."""

    name: str
    x: Floats
    y: Floats
    texts: Sequence[str]
    size: float
    color: str
    anchor: str = "start"
    titles: Sequence[str] | None = None


Group = Lines | Marks | Texts


@dataclass(frozen=True, eq=False)
class Scene:
    """width, height: of the page. title, description: for readers who do not see it. lang: en or zh."""

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
