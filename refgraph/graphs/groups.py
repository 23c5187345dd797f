"""Parties in groups by one of their fields: what `flows` and `compare` set against each other."""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl

from refgraph.graphs import account_labels
from refgraph.model.graph import Graph, Longs

Field = Literal["key", "sector", "region", "ownership", "recommender_tier", "kind", "source"]
Account = Literal["account_tier", "key_by"]
Sensitive = Literal["religion", "politics"]
Grouped = Literal[Field, "owner", Account, Sensitive]
BLANK, REST = "not_recorded", "all_others"
MOST = 30
"""Groups kept apart; smaller ones go together, so that a matrix of free text stays readable and quick."""


def tellable(graph: Graph, by: Grouped) -> bool:
    """Whether the data says anything about the field."""
    if by == "key":
        return graph.key_recorded
    if by == "account_tier":
        return graph.has("orders.revenue")
    if by == "key_by":
        return account_labels.labels(graph) is not None
    return by == "recommender_tier" or graph.has(f"customers.{by}")


def grouping(graph: Graph, by: Grouped) -> pl.Series:
    """By position, text: the word of the field, ``not_recorded`` where it is blank.

    key: ``key_account`` or ``other_account`` by the rule of the settings. recommender_tier: M54, ``none`` without anyone
    referred who closed. account_tier, key_by: as `account_labels.labels`; the reasons of a key account joined by ``+``, all
    other customers ``account-false`` or ``account-small``.
    """
    if by in ("account_tier", "key_by"):
        return _accounts(graph, by)
    if by == "key":
        words = pl.when(pl.col("key")).then(pl.lit("key_account")).when(~pl.col("key")).then(pl.lit("other_account"))
        return graph.parties.select(words.fill_null(BLANK).alias("group")).to_series()
    if by == "recommender_tier":
        return tiers(closed_by(graph)).fill_null("none").alias("group")
    word = pl.col(by).str.strip_chars()
    return graph.parties.select(pl.when(word != "").then(word).fill_null(BLANK).alias("group")).to_series()


def _accounts(graph: Graph, by: Grouped) -> pl.Series:
    found = account_labels.labels(graph)
    if found is None:
        return pl.Series("group", [BLANK] * len(graph), dtype=pl.String)
    if by == "account_tier":
        return found["tier"].fill_null(BLANK).alias("group")
    key = pl.col("account") == "account-key"
    return found.select(pl.when(key).then(pl.col("key_by").list.join("+")).otherwise("account").alias("group")).to_series()


def merged(groups: pl.Series) -> pl.Series:
    """The `MOST` largest groups (ties by word) as they are; the parties of all smaller ones in ``all_others``."""
    sizes = groups.alias("group").value_counts().sort("count", "group", descending=[True, False])
    if sizes.height <= MOST:
        return groups
    kept = sizes["group"].head(MOST - 1)
    return groups.to_frame("group").select(
        pl.when(pl.col("group").is_in(kept.implode())).then("group").otherwise(pl.lit(REST)).alias("group")).to_series()


def closed_by(graph: Graph) -> Longs:
    """int64[n]: customers, existing or former, whom each party referred along counted, uncut arcs."""
    flow = graph.flow
    origin = np.repeat(np.arange(len(graph)), np.diff(flow.out_ptr))
    return np.bincount(origin[graph.customers[flow.out_dst]], minlength=len(graph))


def tiers(closed: Longs) -> pl.Series:
    """M54 of numbers of referred customers who closed."""
    return pl.DataFrame({"closed": closed}).select(tier(pl.col("closed")).alias("tier")).to_series()


def tier(closed: pl.Expr) -> pl.Expr:
    """M54: 1, 2, 3-9, 10+ referred customers who closed; null for none."""
    return (
        pl.when(closed >= 10).then(pl.lit("10+")).when(closed >= 3).then(pl.lit("3-9"))
        .when(closed == 2).then(pl.lit("2")).when(closed == 1).then(pl.lit("1"))
    )  # fmt: skip
