"""PICTURE -> SVG, PNG, PDF. Every format draws one and the same Scene.

A further style is a function like `tree_scene.draw_tree`; a further kind of chart makes its own
Scene and hands it to `write_scene`.
"""

from __future__ import annotations

from pathlib import Path

from refgraph import texts
from refgraph.errors import UsageError
from refgraph.model.message import Message, message
from refgraph.model.parameter_values import convert_word
from refgraph.model.picture import Picture
from refgraph.renderers import cells, fonts, image, svg
from refgraph.renderers.label_text import clean_texts
from refgraph.renderers.labels import Labels
from refgraph.renderers.legend import build_legend
from refgraph.renderers.page_frame import Frame, compose_page
from refgraph.renderers.scene import Scene
from refgraph.renderers.style import PictureStyle
from refgraph.renderers.tree_scene import draw_tree
from refgraph.renderers.tree_selection import TreeSelection, select_parties

FORMATS = ("svg", "png", "pdf")


def render_picture(
    picture: Picture, format: str, lang: str, style: PictureStyle = PictureStyle()
) -> bytes:
    """The picture as ``svg`` (one self-contained element, UTF-8), ``png`` or ``pdf``.

    The same bytes for the same picture. Raises UsageError ``unknown-format``, ``bad-word``,
    ``missing-glyphs``, ``picture-too-large``; FileError for fonts.
    """
    convert_word(lang, texts.LANGUAGES, "lang")
    if not isinstance(format, str) or format not in FORMATS:
        raise UsageError("unknown-format", format=format, known=list(FORMATS))
    font = fonts.load_font(style.font)
    return write_scene(build_scene(picture, lang, style, font), format, font, style.embed_font)


def write_scene(scene: Scene, format: str, font: fonts.Font, embed_font: bool = False) -> bytes:
    """A Scene as one of `FORMATS`. embed_font: put the characters into an SVG."""
    if format == "svg":
        return svg.write_svg(scene, font if embed_font else None)
    return image.write_image(scene, font, format)


def find_format(path: str | Path) -> str:
    """The format of a file by its suffix. Raises UsageError ``unknown-suffix``."""
    suffix = Path(path).suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        raise UsageError("unknown-suffix", path=str(path), known=[f".{f}" for f in FORMATS])
    return suffix


def build_scene(picture: Picture, lang: str, style: PictureStyle, font: fonts.Font) -> Scene:
    """The whole page as a Scene: the tree in its frame of title, headline, legend and caption."""
    selection = select_parties(picture, style)
    title, headline, *caption = [
        _format_sentence(sentence, lang)
        for sentence in (picture.title, *picture.caption, *selection.notes)
    ]
    if style.strict_glyphs:
        drawn_texts = [title, headline, *caption, *_list_names_and_channels(selection)]
        fonts.check_characters(font, drawn_texts)
    tree = draw_tree(picture, selection, style, lang, font)
    caption += [_format_sentence(remark, lang) for remark in _list_remarks(tree.labels)]
    frame = Frame(
        title=_replace_undrawable(title, font),
        headline=_replace_undrawable(headline, font),
        legend=build_legend(picture, selection, tree, style, lang),
        caption=[_replace_undrawable(text, font) for text in caption],
        lang=lang,
    )
    return compose_page(tree.groups, tree.width, tree.height, frame, font)


def _format_sentence(sentence: Message, lang: str) -> str:
    return cells.clean_text(texts.format_message(sentence, lang))


def _list_names_and_channels(selection: TreeSelection) -> list[str]:
    named = selection.nodes[selection.names]
    columns = (clean_texts(named[column].fill_null("")) for column in ("name", "channel"))
    return [text for column in columns for text in column]


def _replace_undrawable(text: str, font: fonts.Font) -> str:
    """The text with a placeholder for each character that no font has."""
    missing = "".join(font.find_missing_characters([text]))
    table = str.maketrans(missing, fonts.PLACEHOLDER * len(missing))
    return text.translate(table | {ord(c): None for c in fonts.DROPPED_CHARACTERS})


def _list_remarks(labels: Labels) -> list[Message]:
    """What readers should know about shortened names and missing characters."""
    remarks = []
    if labels.shortened_count:
        remarks.append(message("picture.elided", names=labels.shortened_count))
    if labels.replaced_count:
        remarks.append(message("picture.replaced", characters=labels.replaced_count))
    return remarks
