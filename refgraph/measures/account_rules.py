"""The rules of ``[accounts]`` as expressions for a frame of `account_labels.label_accounts`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

REASONS = ("business", "nature", "group", "strategic", "influence")
"""Why a customer is a key account."""


def build_criteria(rule: Mapping[str, Any]) -> dict[str, pl.Expr]:
    """Business criterion -> whether it is met; null if its figure is missing."""
    return {
        "frequency": pl.col("frequency") >= rule["frequency"],
        "volume": pl.col("volume_year") > rule["volume"],
        "margin": pl.col("margin") >= rule["margin"],
        "effect": pl.col("effect") >= rule["effect"],
    }


def is_business_account(rule: Mapping[str, Any]) -> pl.Expr:
    """Whether all criteria in ``require`` are met; a missing figure does not meet one."""
    criteria = build_criteria(rule)
    required = [criteria[name].fill_null(False) for name in rule["require"] if name in criteria]
    return pl.all_horizontal(*required, pl.lit(True))


def build_sector_interval() -> pl.Expr:
    """Median usual order interval, in days, of the existing customers of the sector."""
    return pl.col("rhythm").filter(pl.col("existing")).median().over("sector")


def build_false_rules(rule: Mapping[str, Any]) -> dict[str, pl.Expr]:
    """Rule for false accounts -> whether it holds, in order.

    All but ``one-off`` apply to business accounts only.
    """
    is_business = is_business_account(rule)
    max_silence = rule["one_off_cycles"] * build_sector_interval()
    return {
        "one-off": (pl.col("days") == 1) & (pl.col("silence") > max_silence),
        "bulk": is_business & (pl.col("largest") >= rule["bulk_share"]),
        "no-profit": is_business & (pl.col("margin") < rule["margin_floor"]),
        "exploiter": is_business & (pl.col("net") < 0),
    }


def build_reason_checks(rule: Mapping[str, Any]) -> tuple[pl.Expr, ...]:
    """Whether each of `REASONS` holds; null if a figure is missing."""
    is_inside = pl.col("region").is_in(rule["territory"])
    is_special = pl.col("sector").is_in(rule["special_sectors"])
    has_potential, is_exposed = pl.col("potential") == "high", pl.col("rival_exposure") == "high"
    is_group_member = pl.col("links").is_not_null() & (pl.col("frequency") > 0)
    return (
        pl.col("business"),
        is_inside & (pl.col("business") | is_special),
        is_group_member,
        has_potential & is_exposed,
        pl.col("hidden"),
    )
