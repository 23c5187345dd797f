"""Words of a status, role or event that refgraph does not know, and the line that teaches it."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from refgraph.model.dataset import Dataset
from refgraph.model.message import Message, message
from refgraph.model.setting_lines import write_setting
from refgraph.model.vocabulary import VOCABULARIES
from refgraph.pipeline.rejected_cells import locate_rejects

MAX_WORDS = 5
"""Words of one column that a sentence names."""
_SETTINGS = {
    "customers.status": ("status", "closed"),
    "referrals.status": ("status", "closed"),
    "customers.role": ("role", "customer"),
    "orders.status": ("words", "paid"),
    "events.kind": ("words", "visit"),
}
"""Column -> table of refgraph.toml for its words, and the word that the line to paste proposes."""


class UnknownWords(NamedTuple):
    """The unknown words of a column, the most frequent first.

    table: of refgraph.toml. choices: words of the vocabulary, the proposed one first.
    """

    column: str
    table: str
    choices: list[str]
    words: list[str]
    counts: list[int]


def list_unknown_words(data: Dataset) -> list[UnknownWords]:
    """One entry per column with unknown words."""
    located = locate_rejects(data).filter(pl.col("code") == "unknown-word")
    found = []
    for column, (table, proposal) in _SETTINGS.items():
        cells = located.filter(pl.col("target") == column)["value"].str.strip_chars()
        if cells.len():
            words = cells.value_counts().sort("count", "value", descending=[True, False])
            others = [word for word in VOCABULARIES[column] if word != proposal]
            counted = words["value"].to_list(), words["count"].to_list()
            found.append(UnknownWords(column, table, [proposal, *others], *counted))
    return found


def describe_unknown_words(data: Dataset) -> list[Message]:
    """One sentence per column: its unknown words, how many cells, and the line to paste."""
    return [_describe_column(words) for words in list_unknown_words(data)]


def _describe_column(found: UnknownWords) -> Message:
    named = found.words[:MAX_WORDS]
    proposal, *others = found.choices
    return message(
        "report.unknown-words",
        column=found.column,
        cells=sum(found.counts),
        words=named,
        line=write_setting(f"{found.table}.{proposal}", named),
        proposal=proposal,
        others=others,
    )
