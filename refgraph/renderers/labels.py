"""The words of a tree: name, second line, text on the edge and hover text of every party."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from refgraph.model.picture import CLOSED_STATES, Picture
from refgraph.renderers import cells
from refgraph.renderers.fonts import Font
from refgraph.renderers.label_text import (
    Phrases,
    clean_texts,
    format_distinct,
    replace_undrawable,
    shorten_names,
)
from refgraph.texts import numbers

NAME_SIZE, DETAIL_SIZE, EDGE_SIZE = 14.0, 11.0, 11.0
MAX_NAME_WIDTH = 230.0
"""Pixels of a name; a longer one is shortened in the picture and complete on hovering."""
NAME_SEPARATORS = {"en": ", ", "zh": "、"}
MAX_OTHER_REFERRERS = 2
PART_SEPARATOR = " · "


@dataclass(frozen=True, eq=False, kw_only=True)
class Labels:
    """names, details, edges, titles (hover texts): one text per party.

    shortened_count: names that are cut short. replaced_count: characters drawn as a placeholder.
    """

    names: list[str]
    details: list[str]
    edges: list[str]
    titles: list[str]
    shortened_count: int
    replaced_count: int

    def without_edges(self) -> Labels:
        """The same without texts on edges."""
        return replace(self, edges=[""] * len(self.names))

    def without_details(self) -> Labels:
        """Names alone."""
        return replace(self.without_edges(), details=[""] * len(self.names))


def build_labels(
    picture: Picture,
    nodes: pl.DataFrame,
    counted_by_stub: np.ndarray,
    lang: str,
    font: Font,
    with_edges: bool = True,
    name_size: float = NAME_SIZE,
    max_name_width: float = MAX_NAME_WIDTH,
) -> Labels:
    """The words for some rows of the picture's nodes; the root has no text on its edge.

    counted_by_stub: bool, one per row: a stub right behind the party shows how many are below.
    with_edges: whether edges have texts. name_size, max_name_width: of names, in pixels.
    """
    full_names = clean_texts(nodes["name"])
    names, replaced_in_names = replace_undrawable(full_names, font)
    names, shortened_count = shorten_names(names, font, name_size, max_name_width)
    nodes = nodes.with_columns(name=full_names, counted_by_stub=pl.Series(counted_by_stub))
    columns = _build_label_columns(picture, nodes, lang)
    details, replaced_in_details = replace_undrawable(columns["detail"], font)
    edges = columns["edge"]
    if not with_edges:
        edges = edges.clear(nodes.height).fill_null("")
    edges, replaced_in_edges = replace_undrawable(edges, font)
    return Labels(
        names=names.to_list(),
        details=details.to_list(),
        edges=edges.to_list(),
        titles=columns["title"].to_list(),
        shortened_count=shortened_count,
        replaced_count=replaced_in_names + replaced_in_details + replaced_in_edges,
    )


def _build_label_columns(picture: Picture, nodes: pl.DataFrame, lang: str) -> pl.DataFrame:
    """detail, edge and title of each row."""
    phrases = Phrases(lang)
    nodes = _add_words(picture, nodes, phrases)
    edge = pl.concat_str("channel_text", "day", separator=" ", ignore_nulls=True)
    is_root = (pl.int_range(pl.len()) == 0) & (pl.col("parent") < 0)
    return nodes.select(
        detail=_build_detail(picture, phrases),
        edge=pl.when(is_root).then(pl.lit("")).otherwise(edge),
        title=_build_title(phrases, edge),
    )


def _add_words(picture: Picture, nodes: pl.DataFrame, phrases: Phrases) -> pl.DataFrame:
    """The nodes with their numbers, dates and words as text."""

    def format_value(value: float) -> str:
        return cells.clean_text(numbers.format_amount(picture.amount(value), phrases.lang))

    others = nodes["also"].list.head(MAX_OTHER_REFERRERS).list.join(NAME_SEPARATORS[phrases.lang])
    channel = clean_texts(nodes["channel"].fill_null("-"))
    channel_text = pl.when(pl.col("channel").is_not_null()).then(pl.lit(channel))
    nodes = nodes.with_columns(
        worth=format_distinct(nodes["value"], format_value),
        below=format_distinct(nodes["downstream"], numbers.format_count),
        below_closed=format_distinct(nodes["downstream_closed"], numbers.format_count),
    )
    return nodes.with_columns(
        word=nodes["state"].replace_strict(phrases.words("state"), default=""),
        day=pl.col("date").dt.strftime("%Y-%m-%d"),
        others=clean_texts(others.fill_null("-")),
        channel_text=channel_text,
    )


def _build_detail(picture: Picture, phrases: Phrases) -> pl.Expr:
    """State unless closed, value, numbers below unless a stub gives them, other referrers."""
    is_closed = pl.col("state").is_in(CLOSED_STATES)
    has_value = (is_closed | (pl.col("value") != 0)) & (picture.basis != "customers")
    has_uncounted = (pl.col("downstream") > 0) & ~pl.col("counted_by_stub")
    state = pl.when(pl.col("state") != "closed").then("word")
    return _join_parts(
        state,
        pl.when(has_value).then("worth"),
        pl.when(has_uncounted).then(_build_counts_below(phrases)),
        _build_other_referrers(phrases),
    )


def _build_title(phrases: Phrases, edge: pl.Expr) -> pl.Expr:
    """Everything about the party, with its full name and id."""
    has_no_name = pl.col("name") == pl.col("id")
    name_and_id = phrases.fill("named", name="name", id="id")
    name = pl.when(has_no_name).then("name").otherwise(name_and_id)
    below = pl.when(pl.col("downstream") > 0).then(_build_counts_below(phrases))
    key_account = pl.when(pl.col("key").fill_null(False)).then(pl.lit(phrases.text("key")))
    referral = pl.when(pl.col("parent") >= 0).then(edge.replace("", None))
    others = _build_other_referrers(phrases)
    return _join_parts(name, "word", "worth", below, key_account, referral, others)


def _build_counts_below(phrases: Phrases) -> pl.Expr:
    """How many parties are below it, and how many of them closed."""
    return phrases.fill("below", below="below", closed="below_closed")


def _build_other_referrers(phrases: Phrases) -> pl.Expr:
    """The names of its other referrers; null without any."""
    return pl.when(pl.col("also").is_not_null()).then(phrases.fill("also", names="others"))


def _join_parts(*parts: pl.Expr | str) -> pl.Expr:
    """The parts that are not null, in order; strings are names of columns."""
    return pl.concat_str(*parts, separator=PART_SEPARATOR, ignore_nulls=True)
