"""Key, false and small accounts by the rules of ``[accounts]``, with the figures for each label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from refgraph.graph.memo import cached_on_first_argument
from refgraph.measures.account_explanations import explain_labels, join_words, split_words
from refgraph.measures.account_figures import compute_account_figures, load_rules
from refgraph.measures.account_rules import (
    REASONS,
    build_false_rules,
    build_reason_checks,
    is_business_account,
)
from refgraph.measures.quadrants import compute_quadrants, list_key_accounts_referred
from refgraph.model.graph import Graph


@cached_on_first_argument
def compute_labels(graph: Graph) -> pl.DataFrame | None:
    """`label_accounts` by the settings; None without orders. Raises as `load_rules`."""
    rule = load_rules(graph)
    figures = compute_account_figures(graph, rule)
    return None if figures is None else label_accounts(graph, rule, figures)


def label_accounts(graph: Graph, rule: Mapping[str, Any], figures: pl.DataFrame) -> pl.DataFrame:
    """One row per party: the columns of `accounts`, ``existing``, and what the rules look at."""
    frame = _collect_inputs(graph, rule, figures)
    frame = frame.with_columns(false_by=_find_false_rules(rule), business=is_business_account(rule))
    key_by, why = join_words(_list_reasons(rule)), explain_labels(rule)
    frame = frame.with_columns(key_by=key_by, why=why)
    frame = frame.with_columns(split_words("key_by"), split_words("why"))
    is_false, is_key = pl.col("false_by").is_not_null(), pl.col("key_by").is_not_null()
    account = (
        pl.when(is_false)
        .then(pl.lit("account-false"))
        .when(is_key)
        .then(pl.lit("account-key"))
        .otherwise(pl.lit("account-small"))
    )
    max_silence = float(rule["silent_rhythms"]) * pl.col("rhythm")
    yes_or_no = pl.when(pl.col("silence") > max_silence).then(pl.lit("yes")).otherwise(pl.lit("no"))
    silent = pl.when(pl.col("rhythm").is_not_null()).then(yes_or_no)
    return frame.with_columns(account=account, tier=_assign_tier(rule), silent=silent)


REFERRAL_COLUMNS = ("keys_brought", "recommended")
"""Columns that are unknown without any information on referrals."""


def _collect_inputs(graph: Graph, rule: Mapping[str, Any], figures: pl.DataFrame) -> pl.DataFrame:
    """What the rules look at, one row per party."""
    quadrants = compute_quadrants(graph)
    has_keys = np.flatnonzero(quadrants.keys > 0)
    key_names = list_key_accounts_referred(graph, has_keys).select("place", brought="names")
    columns = ("place", "id", "sector", "region", "potential", "rival_exposure")
    frame = pl.concat([graph.parties.select(columns), figures], how="horizontal")
    frame = frame.with_columns(
        existing=pl.Series(graph.existing),
        hidden=pl.Series(quadrants.hidden),
        links=list_group_links(graph, rule),
        value=pl.Series(graph.value.numbers),
        customer="id",
        name=graph.names,
        keys_brought=pl.Series(quadrants.keys),
        main_keys=pl.Series(quadrants.main_keys),
        recommended=pl.Series(graph.out_degree),
    )
    is_known = pl.col("keys_brought") >= 0
    frame = frame.with_columns(pl.when(is_known).then("keys_brought"))
    if not graph.has_referral_data:
        frame = frame.with_columns(pl.lit(None, pl.Int64).alias(c) for c in REFERRAL_COLUMNS)
    return frame.join(key_names, on="place", how="left", maintain_order="left")


def _find_false_rules(rule: Mapping[str, Any]) -> pl.Expr:
    """All rules for false accounts that hold, joined by ``+``; null for none."""
    words = [
        pl.when(is_met.fill_null(False)).then(pl.lit(name))
        for name, is_met in build_false_rules(rule).items()
    ]
    joined = pl.concat_str(words, separator="+", ignore_nulls=True)
    return pl.when(joined != "").then(joined)


def _list_reasons(rule: Mapping[str, Any]) -> list[pl.Expr]:
    """Each of `REASONS` if it holds, else null."""
    checks = zip(REASONS, build_reason_checks(rule), strict=True)
    return [pl.when(is_met.fill_null(False)).then(pl.lit(name)) for name, is_met in checks]


def list_group_links(graph: Graph, rule: Mapping[str, Any]) -> pl.Series:
    """List, by party: links with groups of the value chain, as ``owner 河北集团``; null = none."""
    if graph.affiliations is None:
        return pl.Series("links", [None] * len(graph), dtype=pl.List(pl.String))
    is_in_value_chain = pl.col("relation").is_in(rule["value_chain"])
    affiliations = graph.affiliations.filter(is_in_value_chain).sort("group", "relation")
    links = affiliations.group_by("customer", maintain_order=True).agg(
        links=pl.concat_str("relation", "group", separator=" ")
    )
    parties = graph.parties.select("id")
    parties = parties.join(
        links, left_on="id", right_on="customer", how="left", maintain_order="left"
    )
    return parties["links"]


def _assign_tier(rule: Mapping[str, Any]) -> pl.Expr:
    """The tier of the yearly mean revenue; a tier includes its lower bound."""
    tier = pl.lit(None, pl.String)
    for lower_bound, name in zip(rule["tiers"], rule["tier_names"], strict=True):
        is_reached = pl.col("revenue_year") >= lower_bound
        tier = pl.when(is_reached).then(pl.lit(name)).otherwise(tier)
    return tier
