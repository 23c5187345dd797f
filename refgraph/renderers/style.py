"""What a caller may choose about a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from refgraph.model.parameter_values import Limits, convert_fields
from refgraph.renderers.paper import parse_paper

StyleName = Literal["auto", "tidy", "rows", "trunk", "outline", "radial", "icicle"]
ColorField = Literal["state", "channel", "source", "sector", "region", "kind", "ownership"]
SizeMeasure = Literal["value", "downstream", "downstream-value", "equal"]


@dataclass(frozen=True, kw_only=True)
class PictureStyle:
    """style: tidy, rows (one row per leaf), trunk (the parties with the greatest downstream value),
    outline (indented rows in columns), radial (around the root, names along their spokes), icicle
    (a column per generation, each party as high as it and all below it: by their number, or by
    value with size_by downstream-value).

    Style auto goes by the number of names. max_names: names at most, all others are folded into
    counted stubs; None = all up to 300, of more than that the 45 greatest. color_by: what the fill
    of a mark stands for. size_by: what its area stands for. font: a font file.
    A character that the font lacks is drawn as a placeholder and counted in the caption.
    strict_glyphs: raise UsageError ``missing-glyphs`` instead. allow_missing_glyphs: no effect,
    kept for older calls. embed_font: put the characters used into an SVG.
    paper: as `paper.parse_paper`. title: in place of the finding. theme: light, print, or a
    TOML file with the colors and the font of a brand (`themes.load_theme`).
    Raises UsageError for an unknown word or a value of another kind.
    """

    style: StyleName = "auto"
    max_names: Annotated[int, Limits(1)] | None = None
    color_by: ColorField = "state"
    size_by: SizeMeasure = "value"
    font: str | None = None
    strict_glyphs: bool = False
    allow_missing_glyphs: bool = False
    embed_font: bool = False
    paper: str | None = None
    title: str | None = None
    theme: str | None = None

    def __post_init__(self) -> None:
        convert_fields(self)
        if self.paper is not None:
            parse_paper(self.paper)
