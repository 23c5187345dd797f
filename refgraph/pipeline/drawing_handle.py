"""``refgraph.draw``: a drawing that shows itself in a notebook and saves itself to a file."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any

from refgraph.errors import UsageError
from refgraph.files import write_file
from refgraph.model.dataset import Dataset
from refgraph.model.parameter_values import (
    Limits,
    convert_value,
    convert_word,
    describe_value,
    suggest_nearest,
)
from refgraph.model.picture import Picture
from refgraph.model.representation import describe_object
from refgraph.model.scope import Scope
from refgraph.pipeline import drawing
from refgraph.pipeline.inputs import check_scope, open_dataset
from refgraph.renderers.pictures import find_format, render_picture
from refgraph.renderers.style import PictureStyle
from refgraph.texts import LANGUAGES

STYLE_OPTIONS = tuple(field.name for field in fields(PictureStyle))


@dataclass(frozen=True, eq=False)
class Drawing:
    """A Picture together with the style and the language in which it is rendered."""

    picture: Picture
    style: PictureStyle = PictureStyle()
    lang: str = "en"

    def __repr__(self) -> str:
        return describe_object(self, repr(self.picture), self.lang)

    def render(self, format: str) -> bytes:
        """The picture as ``svg``, ``png``, ``pdf`` or ``pptx``; raises as `render_picture`."""
        return render_picture(self.picture, format, self.lang, self.style)

    def save(self, path: str | Path) -> None:
        """Write the picture in the format of the suffix. Raises UsageError, FileError."""
        write_file(path, self.render(find_format(path)))

    def _repr_svg_(self) -> str:
        return self.render("svg").decode()


def draw(
    data: Dataset | str,
    party: str | Dataset,
    scope: Scope = Scope(),
    depth: int | None = None,
    lang: str = "en",
    **style_options: Any,
) -> Drawing:
    """Draw a party of a Dataset and its descendants: ``draw(data, "C001").save("tree.svg")``.

    data, party: in either order; party is an id or a name that no other party has. scope: which
    part of the data. depth: generations below the party to show, 0 or more, None = all. lang:
    ``en`` or ``zh``. style_options: fields of `PictureStyle`.
    Raises UsageError for an unknown party, option or word, with the known ones; DataError.
    """
    if isinstance(party, Dataset):
        data, party = party, str(data)
    engine = open_dataset(data)
    for name in style_options:
        if name not in STYLE_OPTIONS:
            shown, near = describe_value(name), suggest_nearest(name, STYLE_OPTIONS)
            known = sorted(STYLE_OPTIONS)
            raise UsageError(
                "unknown-parameter", name=shown, analysis="draw", known=known, near=near
            )
    style = PictureStyle(**style_options)
    language = convert_word(lang, LANGUAGES, "lang")
    generations = convert_value(depth, Annotated[int, Limits(0)] | None, "depth")
    name = convert_value(party, str, "party")
    picture = drawing.build_picture(engine, name, check_scope(scope), generations)
    return Drawing(picture, style, language)
