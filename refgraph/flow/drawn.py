"""A drawing for people who write Python: it shows itself in a notebook and saves itself by suffix."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from refgraph.engines.offline import Offline
from refgraph.files import write
from refgraph.flow import drawing
from refgraph.model.dataset import Dataset
from refgraph.model.picture import Picture
from refgraph.model.scope import Scope
from refgraph.renderers.look import Look
from refgraph.renderers.pictures import format_of, render_picture


@dataclass(frozen=True, eq=False)
class Drawing:
    """A Picture with the look and the language it is to have."""

    picture: Picture
    look: Look = Look()
    lang: str = "en"

    def render(self, format: str) -> bytes:
        """The picture as svg, png or pdf; raises as `render_picture`."""
        return render_picture(self.picture, format, self.lang, self.look)

    def save(self, path: str | Path) -> None:
        """Write it to a file, the format by its suffix, in one step. Raises UsageError, FileError."""
        write(path, self.render(format_of(path)))

    def _repr_svg_(self) -> str:
        return self.render("svg").decode()


def draw(party: str, data: Dataset, scope: Scope = Scope(), depth: int | None = None, lang: str = "en",
         **look: object) -> Drawing:
    """The tree below a party of a Dataset, named by id or by a name that only it has; ``look``: fields of `Look`.

    Raises UsageError for an unknown party or look.
    """
    chosen = Look(**look).check()  # type: ignore[arg-type]
    return Drawing(drawing.picture(Offline(data), party, scope, depth), chosen, lang)
