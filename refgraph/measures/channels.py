"""Which family, method or tie a source belongs to: the default lists and ``[channels]``."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.errors import DataError
from refgraph.graph.value import select_window, to_exact_integers
from refgraph.intake.channel_words import load_default_channels
from refgraph.measures.groups import NOT_RECORDED
from refgraph.model.graph import Graph
from refgraph.model.tally import Quantity
from refgraph.model.vocabulary import UNKNOWN_WORDS

COUNTERPART_LEVEL = {"family": "method", "method": "family"}
OWN_SALES, UNSPECIFIED = "own-sales", "not-told"
"""Own sales are both a family and a method; a source that only names a family has no method."""
LAW_OF_250 = 250
"""Contacts of one person: Girard's law of 250, an assumption; ``reach`` in ``[channels]``."""


def build_channel_vocabulary(graph: Graph, level: str) -> dict[str, str]:
    """Spelling in lower case -> its word, for ``family``, ``method`` or ``tie``; empty for "".

    ``[channels]`` of refgraph.toml takes precedence over the default lists.
    """
    if not level:
        return {}
    vocabulary: dict[str, str] = {}
    for table in (load_default_channels()[level], graph.settings.channels.get_spellings(level)):
        for word, spellings in table.items():
            for spelling in (word, *spellings):
                vocabulary[spelling.strip().lower()] = word
    return vocabulary


def classify_channels(graph: Graph, column: pl.Series, level: str) -> pl.Series:
    """A column of texts as words of a level; a blank is ``not_recorded``.

    A spelling that no list knows stays as it is; one that only the other level (of family and
    method) knows is ``not-told``.
    """
    vocabulary = {}
    counterpart = COUNTERPART_LEVEL.get(level, "")
    for spelling, word in build_channel_vocabulary(graph, counterpart).items():
        vocabulary[spelling] = word if word == OWN_SALES else UNSPECIFIED
    vocabulary |= build_channel_vocabulary(graph, level)
    text = column.str.strip_chars()
    lower = text.str.to_lowercase()
    frame = pl.DataFrame(
        {
            "text": text,
            "word": lower.replace_strict(vocabulary, default=None, return_dtype=pl.String),
            "is_blank": text.is_null() | lower.is_in(UNKNOWN_WORDS),
        }
    )
    channel = pl.when("is_blank").then(pl.lit(NOT_RECORDED)).otherwise(pl.coalesce("word", "text"))
    return frame.select(channel.alias("channel")).to_series()


def read_contacts_per_person(graph: Graph) -> int:
    """``reach`` of ``[channels]``, else `LAW_OF_250`. Raises DataError unless it is above 0."""
    contacts = graph.settings.channels.reach
    if contacts is None:
        return LAW_OF_250
    if contacts <= 0:
        name = "[channels] reach"
        raise DataError(
            "config-type", file="refgraph.toml", name=name, value=contacts, kind="whole"
        )
    return contacts


def measure_profit_and_revenue(graph: Graph) -> tuple[Quantity, Quantity] | None:
    """Profit and revenue of each party, in one scale: whole numbers if decimals allow.

    By the orders in the window of the scope, else by the party's own columns; None if either is not
    recorded.
    """
    names = ("profit", "revenue")
    is_by_order = all(graph.has(f"orders.{name}") for name in names)
    if graph.orders is not None and is_by_order:
        rows = select_window(graph.orders, graph.scope)
        party = rows["customer"].to_numpy()
    elif all(graph.has(f"customers.{name}") for name in names):
        is_by_order, rows, party = False, graph.parties, np.arange(len(graph))
    else:
        return None
    amounts = [rows[name].fill_null(0.0).to_numpy() for name in names]
    scaled, scale = to_exact_integers(np.concatenate(amounts))
    profit, revenue = (
        Quantity(
            scaled=np.bincount(party, weights=part, minlength=len(graph)).astype(np.float64),
            scale=scale,
            order_column=name if is_by_order else "",
        )
        for name, part in zip(names, np.split(scaled, 2), strict=True)
    )
    return profit, revenue
