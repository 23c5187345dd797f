"""How a picture is asked to look."""

from __future__ import annotations

from dataclasses import dataclass

from refgraph.errors import UsageError

STYLES = ("auto", "tidy", "rows", "trunk")
COLORS = ("state", "channel", "source", "sector", "region", "kind", "ownership")
SIZES = ("value", "downstream", "downstream-value", "equal")


@dataclass(frozen=True)
class Look:
    """style: tidy, rows (one row a leaf), trunk (the parties of greatest downstream value), auto = by the number of names.

    max_names: names at most, all others are folded into counted stubs; None = up to 300 all, of more the 45 greatest.
    color_by: what the fill of a mark tells. size_by: what its area tells. font: a font file. allow_missing_glyphs: draw
    placeholders for characters that the font lacks. embed_font: put the characters used into an SVG.
    """

    style: str = "auto"
    max_names: int | None = None
    color_by: str = "state"
    size_by: str = "value"
    font: str | None = None
    allow_missing_glyphs: bool = False
    embed_font: bool = False

    def check(self) -> Look:
        """Itself. Raises UsageError ``unknown-look`` for a word that is not known, ``bad-max-names`` below 1."""
        for option, known in (("style", STYLES), ("color_by", COLORS), ("size_by", SIZES)):
            if getattr(self, option) not in known:
                raise UsageError("unknown-look", option=option, name=getattr(self, option), known=list(known))
        if self.max_names is not None and self.max_names < 1:
            raise UsageError("bad-max-names", names=self.max_names)
        return self
