"""Proposals: which customer a text may mean, and which customers may be one. Nothing is applied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from refgraph.intake.comparison_keys import make_comparison_keys
from refgraph.intake.match_rules import (
    PAIRS_SCHEMA,
    RULES,
    VAGUE_RULES,
    match_equal_keys,
    match_parts,
)
from refgraph.intake.short_names import match_short_names
from refgraph.intake.similar_names import match_similar_names

MAX_CANDIDATES = 3
"""A name for which one rule proposes more customers gets no proposal: it fits too many."""
_FREE_OF_NUMBERS = ("by-column", "by-tax-id", "same-name", "other-script", "branch-name")
"""Rules that may pair names with different numbers; 一建 and 二建 are two firms elsewhere."""


class Proposals(NamedTuple):
    """pairs: `PAIRS_SCHEMA`, by name and rule. vague: numbers of names that fit too many."""

    pairs: pl.DataFrame
    vague: pl.Series


def propose_customers(texts: pl.Series, names: pl.DataFrame) -> Proposals:
    """Which names texts may mean, by all rules.

    texts: distinct. names: ``number`` and ``name``. The number of a text is its position.
    """
    wanted = add_keys(texts.to_frame("name").with_row_index("number"))
    offered = add_keys(names.select(pl.col("number").cast(pl.UInt32), "name"))
    pairs = [*match_surely(wanted, offered), *match_similar_names(wanted, offered)]
    return choose_pairs(pl.concat(pairs), wanted, offered)


def add_keys(names: pl.DataFrame) -> pl.DataFrame:
    """Names with their ``number`` and keys; without those that have none (empty, masked)."""
    keys = pl.concat([names, make_comparison_keys(names["name"])], how="horizontal")
    return keys.drop_nulls("plain")


def match_surely(wanted: pl.DataFrame, offered: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The pairs of every rule but that of similar names, with repetitions."""
    yield pl.DataFrame(schema=PAIRS_SCHEMA)
    yield from match_equal_keys(wanted, offered)
    yield from match_parts(wanted, offered)
    yield match_short_names(wanted, offered)


def choose_pairs(pairs: pl.DataFrame, wanted: pl.DataFrame, offered: pl.DataFrame) -> Proposals:
    """For each name the customers that the surest rules propose, at most `MAX_CANDIDATES`."""
    rank = pl.col("rule").cast(pl.Enum(RULES)).to_physical()
    pairs = pairs.with_columns(rank=rank).pipe(_drop_other_numbers, wanted, offered)
    pairs = pairs.sort("wanted", "offered", "rank", "left", "right")
    pairs = pairs.unique(["wanted", "offered"], keep="first", maintain_order=True)
    is_vague = pl.col("rule").is_in(VAGUE_RULES)
    pairs = pairs.filter(~is_vague | (~is_vague).any().over("wanted").not_())
    fitting = pl.len().over("wanted", "rank")
    best = pl.col("rank").min().over("wanted")
    too_many = pairs.filter((fitting > MAX_CANDIDATES) & (pl.col("rank") == best))[
        "wanted"
    ].unique()
    kept = pairs.filter((fitting <= MAX_CANDIDATES) & ~pl.col("wanted").is_in(too_many.implode()))
    kept = kept.sort("wanted", "rank", "offered")
    chosen = kept.group_by("wanted", maintain_order=True).head(MAX_CANDIDATES)
    return Proposals(chosen.select(*PAIRS_SCHEMA), too_many.sort())


def _drop_other_numbers(
    pairs: pl.DataFrame, wanted: pl.DataFrame, offered: pl.DataFrame
) -> pl.DataFrame:
    """Without pairs of names with different numbers."""
    for side, keys in (("wanted", wanted), ("offered", offered)):
        numbers = keys.select(pl.col("number").alias(side), pl.col("numbers").alias(f"{side}*"))
        pairs = pairs.join(numbers, on=side, how="left")
    same = pl.col("wanted*").eq_missing(pl.col("offered*"))
    kept = pairs.filter(same | pl.col("rule").is_in(_FREE_OF_NUMBERS))
    return kept.drop("wanted*", "offered*")
