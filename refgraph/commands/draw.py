"""``refgraph draw ID SOURCE -o FILE``: a referral tree as a picture; ``draw --all SOURCE -o FOLDER``: every tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from refgraph.commands import options, output
from refgraph.commands.language import chosen
from refgraph.commands.opened import opened
from refgraph.errors import UsageError
from refgraph.files import write
from refgraph.flow import drawing
from refgraph.renderers import pictures
from refgraph.renderers.look import COLORS, SIZES, STYLES, Look
from refgraph.texts import LANGUAGES, lookup

look_options = options.together(
    options.option("--all", is_flag=True),
    options.option("--depth", type=click.IntRange(min=0), metavar="N"),
    options.option("--max-names", type=click.IntRange(min=1), metavar="N"),
    options.option("--style", type=click.Choice(STYLES), default="auto", show_default=True),
    options.option("--color-by", type=click.Choice(COLORS), default="state", show_default=True),
    options.option("--size-by", type=click.Choice(SIZES), default="value", show_default=True),
    options.option("--font", metavar="FILE"),
    options.option("--allow-missing-glyphs", is_flag=True),
    options.option("--no-embed-font", is_flag=True),
    options.option("--output", "-o", metavar="FILE"),
    options.option("--lang", type=click.Choice(LANGUAGES), envvar="REFGRAPH_LANG"),
    options.option("--quiet", is_flag=True),
    options.option("--verbose", is_flag=True),
    options.option("--debug", is_flag=True),
)


@click.command("draw", help=lookup("command", "draw", chosen()))
@click.argument("words", nargs=-1, metavar="[ID] [SOURCE]")
@look_options
@options.scope_options
@options.reading_options
def command(words: tuple[str, ...], **given: Any) -> int:
    """Write the picture, or all of them; without -o the SVG goes to stdout."""
    party, given["source"] = _named(words, given)
    if given["output"] and not given["all"]:
        pictures.format_of(given["output"])
    engine, given = opened(given)
    output.answerable(engine, given)
    if given["all"]:
        drawing.gallery(engine, given["output"], output.language(given), options.scope(given), given["depth"], _look(given))
    else:
        _one(drawing.picture(engine, party, options.scope(given), given["depth"]), given)
    return output.settle(engine, given)


def _named(words: tuple[str, ...], given: Mapping[str, Any]) -> tuple[str, str | None]:
    """(party, SOURCE): REFGRAPH_SOURCE, or single tables, stand in for a SOURCE that is not given."""
    import os

    wanted = 0 if given["all"] else 1
    source = os.environ.get("REFGRAPH_SOURCE") or None
    if given["all"] and not given["output"]:
        raise UsageError("draw-no-folder")
    if not wanted <= len(words) <= wanted + 1:
        raise UsageError("draw-nothing")
    return words[0] if wanted else "", words[wanted] if len(words) > wanted else source


def _look(given: Mapping[str, Any]) -> Look:
    return Look(given["style"], given["max_names"], given["color_by"], given["size_by"], given["font"],
                given["allow_missing_glyphs"], not given["no_embed_font"])  # fmt: skip


def _one(picture: Any, given: Mapping[str, Any]) -> None:
    form = pictures.format_of(given["output"]) if given["output"] else "svg"
    content = pictures.render_picture(picture, form, output.language(given), _look(given))
    if given["output"]:
        write(given["output"], content)
    else:
        output.put(content)
