"""Referrals that deserve a second look, by rules that a person can check.

Referrals in a case still count; ``--exclude CODE`` leaves those of one code out of any analysis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

import numpy as np
import polars as pl

from refgraph.graph import referral_bursts
from refgraph.graph.alias_rules import find_alias_farms, find_aliases
from refgraph.graph.integrity_input import IntegrityInput, build_integrity_input

CASE_SCHEMA: dict[str, pl.DataType] = {
    "code": pl.String(),
    "members": pl.List(pl.Int32),
    "arcs": pl.List(pl.UInt32),
    "detail": pl.List(pl.String),
}
"""Columns of a case.

members: indexes of the parties, the one that acts first. arcs: rows of the arcs. detail: the
fields and figures that the rule looked at.
"""


def find_cases(scene: IntegrityInput, codes: Iterable[str] | None = None) -> pl.DataFrame:
    """All cases of the given codes (default: all), columns `CASE_SCHEMA`, by code and members."""
    cases = [pl.DataFrame(schema=CASE_SCHEMA)]
    for code, find in RULES.items():
        if codes is None or code in codes:
            cases.append(find(scene).with_columns(code=pl.lit(code)).select(*CASE_SCHEMA))
    return pl.concat(cases, how="vertical_relaxed").sort("code", "members")


def exclude_cases(
    arcs: pl.DataFrame,
    people: pl.DataFrame,
    affiliations: pl.DataFrame | None,
    as_of: date | None,
    worth: np.ndarray,
    exclude: tuple[str, ...],
) -> pl.DataFrame:
    """The arcs, those in cases of excluded codes neither valid nor counted."""
    codes = set(exclude) & set(RULES)
    if not codes:
        return arcs
    cases = find_cases(build_integrity_input(people, arcs, affiliations, as_of, worth), codes)
    excluded = cases["arcs"].explode(empty_as_null=False, keep_nulls=False).unique()
    is_kept = ~pl.int_range(pl.len(), dtype=pl.UInt32).is_in(excluded.implode())
    return arcs.with_columns(pl.col("valid", "counted") & is_kept)


def _build_cases_per_arc(arcs: pl.DataFrame, detail: pl.Expr) -> pl.DataFrame:
    """One case per referral."""
    return arcs.select(
        pl.concat_list("referrer", "referred").alias("members"),
        pl.concat_list("arc").alias("arcs"),
        pl.concat_list(detail.cast(pl.String)).alias("detail"),
    )


def _find_referrals_after_order(scene: IntegrityInput) -> pl.DataFrame:
    """Referrals dated after the referred party became a customer."""
    since = scene.people["since"].gather(scene.arcs["referred"])
    arcs = scene.arcs.with_columns(since=since).filter(pl.col("at") > pl.col("since"))
    return _build_cases_per_arc(arcs, pl.concat_str("at", pl.lit(" > "), "since"))


def _find_bursts(scene: IntegrityInput) -> pl.DataFrame:
    """Weeks with far more referrals by one party than usual (see `referral_bursts`)."""
    weeks = referral_bursts.find_burst_weeks(scene.arcs, scene.as_of)
    arcs = scene.arcs.with_columns(week=pl.col("at").dt.truncate("1w"))
    arcs = arcs.join(weeks, on=["referrer", "week"]).sort("arc")
    bursts = arcs.group_by("referrer", "week", maintain_order=True).agg(
        "referred", "arc", pl.col("count", "usual", "z").first()
    )
    figures = (
        pl.col("week"),
        pl.lit(": "),
        pl.col("count"),
        pl.lit(" / "),
        pl.col("usual"),
        pl.lit(", z "),
        pl.col("z").round(1),
    )
    return bursts.select(
        pl.concat_list(pl.concat_list("referrer"), "referred").alias("members"),
        pl.col("arc").alias("arcs"),
        pl.concat_list(pl.concat_str(*figures)).alias("detail"),
    )


def _find_double_claims(scene: IntegrityInput) -> pl.DataFrame:
    """Parties with several referrers, with the share of each."""
    claims = scene.arcs.filter(pl.len().over("referred") > 1).sort("referred", "referrer")
    equal_share = 1.0 / pl.len().over("referred")
    claims = claims.with_columns(pl.col("share").fill_null(equal_share).round(3))
    claims = claims.group_by("referred", maintain_order=True).agg("referrer", "arc", "share")
    shares = pl.col("share").cast(pl.List(pl.String)).list.join(" / ")
    return claims.select(
        pl.concat_list(pl.concat_list("referred"), "referrer").alias("members"),
        pl.col("arc").alias("arcs"),
        pl.concat_list(shares).alias("detail"),
    )


def _find_reciprocal(scene: IntegrityInput) -> pl.DataFrame:
    """a referred b and b referred a, both by customers; partners may."""
    arcs = scene.arcs.filter(pl.col("kind") == "customer")
    back = arcs.select(referrer="referred", referred="referrer", arc_back="arc")
    pairs = arcs.join(back, on=["referrer", "referred"])
    pairs = pairs.filter(pl.col("referrer") < pl.col("referred")).sort("referrer", "referred")
    return pairs.select(
        pl.concat_list("referrer", "referred").alias("members"),
        pl.concat_list("arc", "arc_back").alias("arcs"),
        pl.lit(None, pl.List(pl.String)).alias("detail"),
    )


def _find_inside_group(scene: IntegrityInput) -> pl.DataFrame:
    """Referrals between two members of a group of companies."""
    arcs = scene.arcs.join(scene.groups, left_on="referrer", right_on="place").join(
        scene.groups, left_on=["referred", "group"], right_on=["place", "group"]
    )
    arcs = arcs.sort("arc", "group").unique("arc", keep="first").sort("arc")
    return _build_cases_per_arc(arcs, pl.col("group"))


RULES: dict[str, Callable[[IntegrityInput], pl.DataFrame]] = {
    "alias-farm": find_alias_farms,
    "reciprocal-referral": _find_reciprocal,
    "referral-after-order": _find_referrals_after_order,
    "burst": _find_bursts,
    "alias": find_aliases,
    "double-claim": _find_double_claims,
    "inside-group": _find_inside_group,
}
"""Code of a case -> its rule."""
