"""Words of a status or role that refgraph does not know, and the line that teaches it."""

from __future__ import annotations

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
}
"""Column -> table of refgraph.toml for its words, and the word that the line to paste proposes."""


def describe_unknown_words(data: Dataset) -> list[Message]:
    """One sentence per column: its unknown words, how many cells, and the line to paste."""
    located = locate_rejects(data).filter(pl.col("code") == "unknown-word")
    by_column = {column: located.filter(pl.col("target") == column) for column in _SETTINGS}
    return [_describe_column(column, rows) for column, rows in by_column.items() if rows.height]


def _describe_column(column: str, rejects: pl.DataFrame) -> Message:
    words = (
        rejects["value"]
        .str.strip_chars()
        .value_counts()
        .sort("count", "value", descending=[True, False])
    )
    named = words["value"].head(MAX_WORDS).to_list()
    table, proposal = _SETTINGS[column]
    others = [word for word in VOCABULARIES[column] if word != proposal]
    return message(
        "report.unknown-words",
        column=column,
        cells=rejects.height,
        words=named,
        line=write_setting(f"{table}.{proposal}", named),
        proposal=proposal,
        others=others,
    )
