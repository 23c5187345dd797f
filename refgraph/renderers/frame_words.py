"""The words around a picture: title, label, legend and caption, in the language of the reader."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from refgraph import texts
from refgraph.model.message import Message, message
from refgraph.model.picture import Picture
from refgraph.renderers import cells, fonts
from refgraph.renderers.label_text import clean_texts
from refgraph.renderers.labels import Labels
from refgraph.renderers.page_frame import Frame, LegendEntry
from refgraph.renderers.style import PictureStyle

ARC_SENTENCES = frozenset({"picture.second", "picture.loops"})
"""What captions say of arcs that are drawn."""


def build_frame(
    picture: Picture,
    style: PictureStyle,
    lang: str,
    font: fonts.Font,
    *,
    legend: Sequence[LegendEntry],
    caption: Sequence[Message],
    labels: Labels,
    named: pl.DataFrame,
) -> Frame:
    """The frame of a picture. named: nodes whose names are drawn, with labels.

    Raises UsageError ``missing-glyphs`` if the style is strict and a character is missing.
    """
    title = format_sentence(picture.title, lang)
    if style.title is not None:
        title = cells.clean_text(style.title)
    headline = format_sentence(picture.caption[0], lang)
    if picture.label is not None:
        under = message("picture.under-title", label=picture.label, counts=picture.caption[0])
        headline = format_sentence(under, lang)
    lines = [format_sentence(sentence, lang) for sentence in caption]
    if style.strict_glyphs:
        fonts.check_characters(font, [title, headline, *lines, *_list_words(named)])
    lines += [format_sentence(remark, lang) for remark in _list_remarks(labels)]
    return Frame(
        title=_replace_undrawable(title, font),
        headline=_replace_undrawable(headline, font),
        legend=legend,
        caption=[_replace_undrawable(text, font) for text in lines],
        lang=lang,
    )


def leave_arcs_out(picture: Picture, sentences: Sequence[Message]) -> list[Message]:
    """The sentences of a picture in which further referrals have no line."""
    kept = [sentence for sentence in sentences if sentence.id not in ARC_SENTENCES]
    if picture.extras.height:
        kept.append(message("picture.arcs-left-out", referrals=picture.extras.height))
    return kept


def format_sentence(sentence: Message, lang: str) -> str:
    """The sentence on one line, without control characters."""
    return cells.clean_text(texts.format_message(sentence, lang))


def _list_words(named: pl.DataFrame) -> list[str]:
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
