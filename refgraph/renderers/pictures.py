"""PICTURE -> SVG, PNG, PDF, PPTX. Every format draws one and the same Scene.

A further style is a function like `tree_scene.draw_tree`; a further kind of chart makes its own
Scene and hands it to `write_scene`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from refgraph import texts
from refgraph.errors import UsageError
from refgraph.model.parameter_values import convert_word
from refgraph.model.picture import Picture
from refgraph.renderers import fonts, image, slide, svg
from refgraph.renderers.frame_words import build_frame, leave_arcs_out
from refgraph.renderers.icicle_page import build_icicle_page
from refgraph.renderers.legend import build_legend
from refgraph.renderers.outline_scene import draw_outline
from refgraph.renderers.page_frame import Frame, compose_page
from refgraph.renderers.paper import Paper, parse_paper
from refgraph.renderers.paper_fit import fit_tree
from refgraph.renderers.paper_page import compose_on_paper, measure_room
from refgraph.renderers.radial_scene import draw_radial
from refgraph.renderers.scene import Scene
from refgraph.renderers.style import PictureStyle
from refgraph.renderers.themes import apply_theme, load_theme
from refgraph.renderers.tree_scene import DrawnTree, draft_tree, draw_tree
from refgraph.renderers.tree_selection import TreeSelection, select_parties

FORMATS = ("svg", "png", "pdf", "pptx")
SLIDE_PAPER = "slide"
"""The paper of a presentation unless the caller says otherwise."""
STYLES_WITHOUT_ARCS = ("outline", "radial")
OUTLINE_PAGE = (16.0, 9.0)
"""The shape of an outline without a paper."""
FIRST_ROOM = 0.97
"""Share of a paper that the drawing has at most."""


def render_picture(
    picture: Picture, format: str, lang: str, style: PictureStyle = PictureStyle()
) -> bytes:
    """The picture as ``svg`` (one self-contained element, UTF-8), ``png``, ``pdf`` or ``pptx``.

    The same bytes for the same picture. Raises UsageError ``unknown-format``, ``bad-word``,
    ``missing-glyphs``, ``picture-too-large``, ``paper-too-small``, ``missing-extra``; FileError for
    fonts; as `themes.load_theme`.
    """
    convert_word(lang, texts.LANGUAGES, "lang")
    if not isinstance(format, str) or format not in FORMATS:
        raise UsageError("unknown-format", format=format, known=list(FORMATS))
    if format == "pptx" and style.paper is None:
        style = replace(style, paper=SLIDE_PAPER)
    theme = load_theme(style.theme)
    font = fonts.load_font(style.font or (theme.font if theme else None))
    scene = apply_theme(build_scene(picture, lang, style, font), theme)
    return write_scene(scene, format, font, style.embed_font)


def write_scene(scene: Scene, format: str, font: fonts.Font, embed_font: bool = False) -> bytes:
    """A Scene as one of `FORMATS`. embed_font: put the characters into an SVG."""
    if format == "svg":
        return svg.write_svg(scene, font if embed_font else None)
    if format == "pptx":
        return slide.write_slide(scene, font)
    return image.write_image(scene, font, format)


def find_format(path: str | Path) -> str:
    """The format of a file by its suffix. Raises UsageError ``unknown-suffix``."""
    suffix = Path(path).suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        raise UsageError("unknown-suffix", path=str(path), known=[f".{f}" for f in FORMATS])
    return suffix


def build_scene(picture: Picture, lang: str, style: PictureStyle, font: fonts.Font) -> Scene:
    """The whole page as a Scene: the tree in its frame of title, headline, legend and caption."""
    if style.style == "icicle":
        return build_icicle_page(picture, lang, style, font)
    if style.paper is not None:
        return _build_paper_scene(picture, lang, style, font, parse_paper(style.paper))
    selection = select_parties(picture, style)
    draft = draft_tree(picture, selection, style, lang, font)
    leaves_out = style.style in STYLES_WITHOUT_ARCS and draft.arcs.height > 0
    if style.style == "outline":
        tree = draw_outline(draft, OUTLINE_PAGE, lang)
    else:
        tree = draw_radial(draft) if style.style == "radial" else draw_tree(draft)
    frame = _frame_tree(picture, selection, tree, style, lang, font, leaves_out)
    return compose_page(tree.groups, tree.width, tree.height, frame, font)


def _build_paper_scene(
    picture: Picture, lang: str, style: PictureStyle, font: fonts.Font, paper: Paper
) -> Scene:
    """The page on a paper. The frame depends on what is drawn, and so does the room for that: the
    room only shrinks until both agree.
    """
    room = (paper.width * FIRST_ROOM, paper.height * FIRST_ROOM)
    while True:
        fitted = fit_tree(picture, style, lang, font, paper, room)
        tree = fitted.tree
        frame = _frame_tree(
            picture, fitted.selection, tree, style, lang, font, fitted.leaves_arcs_out
        )
        left = measure_room(frame, paper, font)
        if left[0] >= room[0] - 1 and left[1] >= room[1] - 1:
            break
        room = (min(room[0], left[0]), min(room[1], left[1]))
    size = (tree.width, tree.height)
    return compose_on_paper(tree.groups, size, fitted.scale, frame, paper, font)


def _frame_tree(
    picture: Picture,
    selection: TreeSelection,
    tree: DrawnTree,
    style: PictureStyle,
    lang: str,
    font: fonts.Font,
    leaves_arcs_out: bool,
) -> Frame:
    """The words around the tree. Raises UsageError ``missing-glyphs`` if the style is strict."""
    sentences = [*picture.caption[1:], *selection.notes]
    if leaves_arcs_out:
        sentences = leave_arcs_out(picture, sentences)
    return build_frame(
        picture,
        style,
        lang,
        font,
        legend=build_legend(picture, selection, tree, style, lang),
        caption=sentences,
        labels=tree.labels,
        named=selection.nodes[selection.names],
    )
