"""PICTURE -> SVG, PNG, PDF. Every format draws one and the same Scene.

A further style is a function like `tree_scene.draw`; a further kind of chart makes its own Scene and hands it to `write`.
"""

from __future__ import annotations

from pathlib import Path

from refgraph import texts
from refgraph.errors import UsageError
from refgraph.model.message import Label, message
from refgraph.model.picture import CLOSED, Picture
from refgraph.renderers import cells, fonts, image, palette, svg
from refgraph.renderers.labels import Phrases, plain
from refgraph.renderers.look import Look
from refgraph.renderers.surround import Entry, page
from refgraph.renderers.scene import Scene
from refgraph.renderers.shown import Shown, shown
from refgraph.renderers.tree_boxes import LARGEST
from refgraph.renderers.tree_scene import WIDTHS, Drawn, draw
from refgraph.texts.numbers import count

FORMATS = ("svg", "png", "pdf")


def render_picture(picture: Picture, format: str, lang: str, look: Look = Look()) -> bytes:
    """The picture as ``svg`` (one self-contained element, UTF-8), ``png`` or ``pdf``; the same bytes for the same picture.

    Raises UsageError ``unknown-format``, ``unknown-look``, ``missing-glyphs``, ``picture-too-large``, FileError for fonts.
    """
    if format not in FORMATS:
        raise UsageError("unknown-format", format=format, known=list(FORMATS))
    font = fonts.load(look.font)
    return write(scene(picture, lang, look, font), format, font, look.embed_font)


def write(scene: Scene, format: str, font: fonts.Font, embed: bool = False) -> bytes:
    """A Scene as one of `FORMATS`; embed: put the characters into an SVG."""
    return svg.write(scene, font if embed else None) if format == "svg" else image.write(scene, font, format)


def format_of(path: str | Path) -> str:
    """The format that a file name asks for. Raises UsageError ``unknown-suffix``."""
    suffix = Path(path).suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        raise UsageError("unknown-suffix", path=str(path), known=[f".{f}" for f in FORMATS])
    return suffix


def scene(picture: Picture, lang: str, look: Look, font: fonts.Font) -> Scene:
    """The whole page as a Scene: the tree, and around it title, headline, legend and caption."""
    look.check()
    rows = shown(picture, look)
    say = [cells.clean(texts.say(m, lang)) for m in (picture.title, *picture.caption, *rows.notes)]
    named = [plain(rows.nodes[c].gather(rows.names).fill_null("")).to_list() for c in ("name", "channel")]
    fonts.check(font, [*say, *named[0], *named[1]], look.allow_missing_glyphs)
    drawn = draw(picture, rows, look, lang, font)
    caption = [*say[2:], *_remarks(drawn, lang)]
    title, headline, *caption = (_drawable(t, font) for t in (*say[:2], *caption))
    return page(drawn.groups, drawn.width, drawn.height, title=title, headline=headline, caption=caption,
                legend=_legend(picture, rows, drawn, look, lang), font=font, lang=lang)


def _drawable(text: str, font: fonts.Font) -> str:
    lacking = set(font.lacking([text]))
    return "".join(fonts.PLACEHOLDER if c in lacking else c for c in text)


def _remarks(drawn: Drawn, lang: str) -> list[str]:
    found = []
    if drawn.words.elided:
        found.append(texts.say(message("picture.elided", names=drawn.words.elided), lang))
    if drawn.words.replaced:
        found.append(texts.say(message("picture.replaced", characters=drawn.words.replaced), lang))
    return found


def _legend(picture: Picture, rows: Shown, drawn: Drawn, look: Look, lang: str) -> list[Entry]:
    """What can be seen in this picture, and nothing else."""
    said = Phrases(lang)
    named = rows.nodes[rows.names]
    present = set(named["state"].unique())
    found = []
    if drawn.grouping.names:
        fills = [*drawn.grouping.colors, *([palette.BLANK] if drawn.grouping.blank else [])]
        found += [Entry(n, palette.Ink(c, palette.SOFT)) for n, c in zip(drawn.grouping.names, fills, strict=True)]
        found += [Entry(said.text("legend-red"), line=palette.CLOSED_EDGE)] if present & set(CLOSED) else []
    else:
        words = said.words("state") | said.words("legend")
        found += [Entry(words[s], ink) for s, ink in palette.STATES.items() if s in present]
    if drawn.largest > 0:
        amount = picture.amount(drawn.largest) if look.size_by != "downstream" else count(drawn.largest)
        basis = texts.say(message("picture.size-" + look.size_by, basis=Label(picture.basis), amount=amount), lang)
        found.append(Entry(basis, palette.Ink("#ffffff", palette.FAINT), LARGEST))
    if named["key"].fill_null(False).any():
        found.append(Entry(said.text("legend-key")))
    names = {g.name for g in drawn.groups if getattr(g, "points", getattr(g, "x", ())).__len__()}
    for name, color, dash in (("second", palette.SECOND, (5.0, 3.0)), ("loop", palette.LOOP, (5.0, 3.0)),
                              ("stub", palette.FAINT, (3.0, 3.0))):  # fmt: skip
        if name in names:
            found.append(Entry(said.text(f"legend-{name}"), line=color, dash=dash))
    if rows.trunk:
        found.append(Entry(said.text("legend-width"), line=palette.EDGE, width=WIDTHS[-1]))
    if any(drawn.words.edges):
        found.append(Entry(said.text("legend-edge")))
    return found
