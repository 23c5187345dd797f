"""``refgraph draw ID SOURCE -o FILE``: one referral tree; ``draw --all SOURCE -o FOLDER``: all;
``draw --whole SOURCE -o FILE``: all in one picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import get_args

import click

from refgraph.commands.console import get_console
from refgraph.commands.localized_option import LocalizedOption
from refgraph.commands.option_families import DATABASE, OUTPUT, SCOPE, OptionFamily, define_command
from refgraph.commands.options import DatabaseOptions, OutputOptions, ReadingOptions, ScopeOptions
from refgraph.commands.output import write_content
from refgraph.commands.parameter_types import NumberType, WordType
from refgraph.commands.picture_options import (
    FONT_OPTION,
    NO_EMBED_FONT_OPTION,
    PAPER_OPTIONS,
    READING_OPTIONS,
    LookOptions,
    get_source,
)
from refgraph.commands.session import Session, open_session
from refgraph.errors import UsageError
from refgraph.model.parameter_values import Limits
from refgraph.model.picture import Picture
from refgraph.pipeline import drawing
from refgraph.renderers import pictures
from refgraph.renderers.style import ColorField, PictureStyle, SizeMeasure, StyleName


@dataclass(frozen=True, kw_only=True)
class DrawingOptions(LookOptions):
    """What a picture shows and how it looks."""

    all: bool
    whole: bool
    largest: bool
    top_recommender: bool
    depth: int | None
    max_names: int | None
    style: StyleName
    color_by: ColorField
    size_by: SizeMeasure
    strict_glyphs: bool
    allow_missing_glyphs: bool

    @property
    def needs_party(self) -> bool:
        """Whether the command line names the party."""
        return not (self.all or self.whole or self.largest or self.top_recommender)

    def to_style(self) -> PictureStyle:
        """The PictureStyle. Raises UsageError ``whole-needs-icicle``, and as `LookOptions`."""
        if self.whole and self.style not in ("auto", "icicle"):
            raise UsageError("whole-needs-icicle", style=self.style)
        return replace(
            super().to_style(),
            style="icicle" if self.whole else self.style,
            max_names=self.max_names,
            color_by=self.color_by,
            size_by=self.size_by,
            strict_glyphs=self.strict_glyphs,
            allow_missing_glyphs=self.allow_missing_glyphs,
        )


def _word_option(flag: str, words: tuple[str, ...], default: str) -> LocalizedOption:
    return LocalizedOption(flag, type=WordType(words), default=default, show_default=True)


SELECTION_OPTIONS = (
    LocalizedOption("--all", is_flag=True),
    LocalizedOption("--whole", is_flag=True),
    LocalizedOption("--largest", is_flag=True),
    LocalizedOption("--top-recommender", is_flag=True),
    LocalizedOption("--depth", type=NumberType(int, Limits(0)), metavar="N"),
    LocalizedOption("--max-names", type=NumberType(int, Limits(1)), metavar="N"),
)
STYLE_CHOICES = (
    _word_option("--style", get_args(StyleName), "auto"),
    _word_option("--color-by", get_args(ColorField), "state"),
    _word_option("--size-by", get_args(SizeMeasure), "value"),
)
FONT_OPTIONS = (
    FONT_OPTION,
    LocalizedOption("--strict-glyphs", is_flag=True),
    LocalizedOption("--allow-missing-glyphs", is_flag=True),
    NO_EMBED_FONT_OPTION,
)
DRAWING = OptionFamily(
    "drawing_options",
    DrawingOptions,
    (*SELECTION_OPTIONS, *STYLE_CHOICES, *PAPER_OPTIONS, *FONT_OPTIONS),
)


@define_command(
    "draw",
    click.Argument(["words"], nargs=-1, metavar="[ID] [SOURCE]"),
    families=[DRAWING, SCOPE, OUTPUT.select("output", "verbose"), READING_OPTIONS, DATABASE],
)
def command(
    words: tuple[str, ...],
    drawing_options: DrawingOptions,
    scope: ScopeOptions,
    output: OutputOptions,
    reading: ReadingOptions,
    database: DatabaseOptions,
) -> int:
    """Write the picture, or all of them; without ``-o`` the SVG goes to stdout."""
    if drawing_options.all and output.path is None:
        raise UsageError("draw-no-folder")
    drawing_options.to_style()
    party, source = _split_words(words, drawing_options)
    if output.path and not drawing_options.all:
        pictures.find_format(output.path)
    with open_session(
        replace(reading, source=source),
        database,
        scope,
        output,
        kind="gallery" if drawing_options.all else "picture",
        more_inputs=[drawing_options.font, drawing_options.theme],
    ) as session:
        session.require_customers()
        if drawing_options.all:
            _write_gallery(session, drawing_options)
        else:
            _write_picture(session, session.find_party(party), drawing_options)
        return session.report_ledger()


def _split_words(words: tuple[str, ...], options: DrawingOptions) -> tuple[str, str | None]:
    """(party, SOURCE). REFGRAPH_SOURCE replaces a SOURCE that is not given.

    Raises UsageError ``draw-nothing`` for too few or too many words, or two ways to say which tree.
    """
    parties = int(options.needs_party)
    ways = options.all + options.whole + options.largest + options.top_recommender
    if not parties <= len(words) <= parties + 1 or ways > 1:
        raise UsageError("draw-nothing")
    party = words[0] if parties else ""
    return party, get_source(words, parties)


def _write_gallery(session: Session, options: DrawingOptions) -> None:
    """Every tree into the folder that ``-o`` names."""
    assert session.output.path is not None
    drawing.write_gallery(
        session.engine,
        session.output.path,
        get_console().language,
        session.scope,
        options.depth,
        options.to_style(),
    )


def _write_picture(session: Session, party: str, options: DrawingOptions) -> None:
    """One picture, in the format of the file that ``-o`` names."""
    path = session.output.path
    picture = _build_picture(session, party, options)
    form = pictures.find_format(path) if path else "svg"
    language = get_console().language
    content = pictures.render_picture(picture, form, language, options.to_style())
    write_content(content, session.output)


def _build_picture(session: Session, party: str, options: DrawingOptions) -> Picture:
    """All trees, or the tree below the party that was named or is to be found."""
    engine, scope = session.engine, session.scope
    if options.whole:
        return drawing.build_whole_picture(engine, scope, options.depth)
    if options.largest:
        party = drawing.find_largest_root(engine, scope)
    elif options.top_recommender:
        party = drawing.find_top_recommender(engine, scope)
    return drawing.build_picture(engine, party, scope, options.depth)
