"""Parties grouped by one of their fields, for `flows`, `compare` and `segments`."""

from __future__ import annotations

from typing import Literal

import polars as pl

from refgraph.measures import account_labels
from refgraph.measures.conversion import count_outcomes
from refgraph.model.graph import Graph, Longs

GroupField = Literal["key", "sector", "region", "ownership", "recommender_tier", "kind", "source"]
AccountField = Literal["account_tier", "key_by"]
SensitiveField = Literal["religion", "politics"]
GroupingField = Literal[GroupField, "owner", AccountField, SensitiveField]
NOT_RECORDED, ALL_OTHERS = "not_recorded", "all_others"
MAX_GROUPS = 30
"""Smaller groups are merged, so that a matrix over free text stays readable and quick."""


def is_field_recorded(graph: Graph, by: GroupingField) -> bool:
    """Whether the data has the field, or what it is computed from."""
    if by == "key":
        return graph.is_key_account_known
    if by == "account_tier":
        return graph.has("orders.revenue")
    if by == "key_by":
        return account_labels.compute_labels(graph) is not None
    return by == "recommender_tier" or graph.has(f"customers.{by}")


def group_parties(graph: Graph, by: GroupingField) -> pl.Series:
    """Text, by party: the word of the field, ``not_recorded`` if it is blank.

    key: ``key_account`` or ``other_account`` by the rule of the settings. recommender_tier: M54,
    ``none`` if no referred party has closed. account_tier, key_by: as in
    `account_labels.compute_labels`; the reasons of a key account joined by ``+``, all other
    customers ``account-false`` or ``account-small``.
    """
    if by in ("account_tier", "key_by"):
        return _group_by_account(graph, by)
    if by == "key":
        key_account, other_account = pl.lit("key_account"), pl.lit("other_account")
        is_key = pl.col("key")
        word = pl.when(is_key).then(key_account).when(~is_key).then(other_account)
        return graph.parties.select(word.fill_null(NOT_RECORDED).alias("group")).to_series()
    if by == "recommender_tier":
        return compute_tiers(count_outcomes(graph).closed).fill_null("none").alias("group")
    text = pl.col(by).str.strip_chars()
    group = pl.when(text != "").then(text).fill_null(NOT_RECORDED).alias("group")
    return graph.parties.select(group).to_series()


def _group_by_account(graph: Graph, by: GroupingField) -> pl.Series:
    labels = account_labels.compute_labels(graph)
    if labels is None:
        return pl.Series("group", [NOT_RECORDED] * len(graph), dtype=pl.String)
    if by == "account_tier":
        return labels["tier"].fill_null(NOT_RECORDED).alias("group")
    is_key = pl.col("account") == "account-key"
    word = pl.when(is_key).then(pl.col("key_by").list.join("+")).otherwise("account")
    return labels.select(word.alias("group")).to_series()


def merge_small_groups(groups: pl.Series) -> pl.Series:
    """The `MAX_GROUPS` - 1 largest groups (ties by word); the parties of others in ``all_others``.

    Nothing changes for up to `MAX_GROUPS` groups.
    """
    sizes = groups.alias("group").value_counts().sort("count", "group", descending=[True, False])
    if sizes.height <= MAX_GROUPS:
        return groups
    largest = sizes["group"].head(MAX_GROUPS - 1)
    is_large = pl.col("group").is_in(largest.implode())
    word = pl.when(is_large).then("group").otherwise(pl.lit(ALL_OTHERS))
    return groups.to_frame("group").select(word.alias("group")).to_series()


def compute_tiers(closed: Longs) -> pl.Series:
    """M54 for numbers of referred parties that closed."""
    tier = build_tier_expr(pl.col("closed"))
    return pl.DataFrame({"closed": closed}).select(tier.alias("tier")).to_series()


def build_tier_expr(closed: pl.Expr) -> pl.Expr:
    """M54: 1, 2, 3-9, 10+ referred parties that closed; null for none."""
    return (
        pl.when(closed >= 10)
        .then(pl.lit("10+"))
        .when(closed >= 3)
        .then(pl.lit("3-9"))
        .when(closed == 2)
        .then(pl.lit("2"))
        .when(closed == 1)
        .then(pl.lit("1"))
    )
