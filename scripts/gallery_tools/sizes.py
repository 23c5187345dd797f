"""How small the texts of a Scene are."""

from __future__ import annotations

from dataclasses import dataclass

from gallery_tools.drawings import Drawing
from refgraph.renderers.paper import PIXELS_PER_POINT, parse_paper
from refgraph.renderers.scene import Scene, Texts

UNITS = {"slide": "px", "a4": "pt"}


@dataclass(frozen=True)
class SmallestText:
    """In px on a slide, in pt on a paper. name: None without names. least: what is allowed for
    names. names: how many are drawn.
    """

    name: float | None
    any_text: float
    least: float
    names: int


def measure_texts(drawing: Drawing, scene: Scene) -> SmallestText:
    """The smallest name and the smallest text of all."""
    unit = 1.0 if UNITS[drawing.paper] == "px" else PIXELS_PER_POINT
    groups = [group for group in scene.groups if isinstance(group, Texts) and len(group)]
    names = [group for group in groups if group.name.split()[0] == "name"]
    smallest = min((group.size for group in names), default=None)
    return SmallestText(
        name=smallest and smallest / unit,
        any_text=min(group.size for group in groups) / unit,
        least=parse_paper(drawing.paper).min_name / unit,
        names=sum(map(len, names)),
    )
