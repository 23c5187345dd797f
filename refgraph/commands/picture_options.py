"""What ``draw`` and ``chart`` share: how a picture looks, and SOURCE as the last of the words."""

from __future__ import annotations

import os
from dataclasses import dataclass

from refgraph.commands.localized_option import LocalizedOption
from refgraph.commands.option_families import READING, OptionFamily
from refgraph.renderers.style import PictureStyle
from refgraph.renderers.themes import load_theme


@dataclass(frozen=True, kw_only=True)
class LookOptions:
    """How a picture looks."""

    paper: str | None
    title: str | None
    theme: str | None
    font: str | None
    no_embed_font: bool

    def to_style(self) -> PictureStyle:
        """The PictureStyle. Raises UsageError ``bad-paper``, and as `load_theme`."""
        load_theme(self.theme)
        return PictureStyle(
            paper=self.paper,
            title=self.title,
            theme=self.theme,
            font=self.font,
            embed_font=not self.no_embed_font,
        )


PAPER_OPTIONS = (
    LocalizedOption("--paper", metavar="NAME"),
    LocalizedOption("--title", metavar="TEXT"),
    LocalizedOption("--theme", metavar="NAME"),
)
FONT_OPTION = LocalizedOption("--font", metavar="FILE")
NO_EMBED_FONT_OPTION = LocalizedOption("--no-embed-font", is_flag=True)
READING_OPTIONS = OptionFamily(READING.name, READING.build, READING.parameters[1:])
"""Without the argument SOURCE, which is the last word of these commands."""


def get_source(words: tuple[str, ...], position: int) -> str | None:
    """The word at a position, else REFGRAPH_SOURCE, else None."""
    if len(words) > position:
        return words[position]
    return os.environ.get("REFGRAPH_SOURCE") or None
