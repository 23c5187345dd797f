"""Which account is a customer by the rules of ``[accounts]``: reasons, false ones, tiers, and the figures behind each label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from refgraph.graphs.accounts import measured, rules
from refgraph.graphs.kept import kept
from refgraph.graphs.quadrants import KEYS, brought_by, quadrants
from refgraph.model.graph import Graph

REASONS = ("business", "nature", "group", "strategic", "influence")
_MARK = "\x1f"
"""Stands between joined words: the unit separator of ASCII."""


@kept
def labels(graph: Graph) -> pl.DataFrame | None:
    """`labelled` under the rules of the settings; None without orders. Raises as `rules`."""
    rule = rules(graph)
    figures = measured(graph, rule)
    return None if figures is None else labelled(graph, rule, figures)


def labelled(graph: Graph, rule: Mapping[str, Any], figures: pl.DataFrame) -> pl.DataFrame:
    """By position: the columns of `accounts`, ``existing``, and what the rules look at."""
    marks = quadrants(graph)
    bringers = brought_by(graph, np.flatnonzero(marks.keys > 0)).select("place", brought="names")
    frame = pl.concat([graph.parties.select("place", "id", "sector", "region", "potential", "rival_exposure"), figures],
                      how="horizontal").with_columns(
        existing=pl.Series(graph.existing), hidden=pl.Series(marks.hidden), links=links(graph, rule),
        value=pl.Series(graph.value.numbers), customer="id", name=graph.names, keys_brought=pl.Series(marks.keys),
        recommended=pl.Series(np.diff(graph.flow.out_ptr)),
    ).with_columns(pl.when(pl.col("keys_brought") >= 0).then("keys_brought")).join(
        bringers, on="place", how="left", maintain_order="left")  # fmt: skip
    frame = frame.with_columns(false_by=_false(rule), business=_business(rule))
    frame = frame.with_columns(key_by=_joined(_reasons(rule)), why=_why(rule)).with_columns(_listed("key_by"), _listed("why"))
    true = pl.col("key_by").is_not_null()
    account = (pl.when(pl.col("false_by").is_not_null()).then(pl.lit("account-false"))
               .when(true).then(pl.lit("account-key")).otherwise(pl.lit("account-small")))  # fmt: skip
    silent = pl.col("silence") > float(rule["silent_rhythms"]) * pl.col("rhythm")
    return frame.with_columns(
        account=account, tier=_tier(rule),
        silent=pl.when(pl.col("rhythm").is_null()).then(None).when(silent).then(pl.lit("yes")).otherwise(pl.lit("no")))


def criteria(rule: Mapping[str, Any]) -> dict[str, pl.Expr]:
    """Criterion -> whether it is met, null where its figure is missing; for a frame of `labelled`, like all rules here."""
    return {"frequency": pl.col("frequency") >= rule["frequency"], "volume": pl.col("volume_year") > rule["volume"],
            "margin": pl.col("margin") >= rule["margin"], "effect": pl.col("effect") >= rule["effect"]}  # fmt: skip


def _business(rule: Mapping[str, Any]) -> pl.Expr:
    met = criteria(rule)
    return pl.all_horizontal(*(met[name].fill_null(False) for name in rule["require"] if name in met), pl.lit(True))


def _false(rule: Mapping[str, Any]) -> pl.Expr:
    """The first rule for false accounts that holds."""
    return pl.coalesce(pl.when(met.fill_null(False)).then(pl.lit(name)) for name, met in false_rules(rule).items())


def cycle() -> pl.Expr:
    """Median days between orders of the existing customers of a sector."""
    return pl.col("rhythm").filter(pl.col("existing")).median().over("sector")


def false_rules(rule: Mapping[str, Any]) -> dict[str, pl.Expr]:
    """Rule for false accounts -> whether it holds, in order; all but ``one-off`` are asked of business accounts only."""
    business = _business(rule)
    return {"one-off": (pl.col("days") == 1) & (pl.col("silence") > rule["one_off_cycles"] * cycle()),
            "bulk": business & (pl.col("largest") >= rule["bulk_share"]),
            "no-profit": business & (pl.col("margin") < rule["margin_floor"]),
            "exploiter": business & (pl.col("net") < 0)}  # fmt: skip


def reasons_met(rule: Mapping[str, Any]) -> tuple[pl.Expr, ...]:
    """Whether each of `REASONS` holds, null where a figure is missing."""
    inside = pl.col("region").is_in(rule["territory"])
    special = pl.col("sector").is_in(rule["special_sectors"])
    high = (pl.col("potential") == "high") & (pl.col("rival_exposure") == "high")
    bound = pl.col("links").is_not_null() & (pl.col("frequency") > 0)
    return pl.col("business"), inside & (pl.col("business") | special), bound, high, pl.col("hidden")


def _reasons(rule: Mapping[str, Any]) -> list[pl.Expr]:
    met = reasons_met(rule)
    return [pl.when(each.fill_null(False)).then(pl.lit(name)) for name, each in zip(REASONS, met, strict=True)]


def links(graph: Graph, rule: Mapping[str, Any]) -> pl.Series:
    """By position, list: groups that a relation of the value chain binds a party to, as ``owner 河北集团``; null = none."""
    if graph.affiliations is None:
        return pl.Series("links", [None] * len(graph), dtype=pl.List(pl.String))
    bound = graph.affiliations.filter(pl.col("relation").is_in(rule["value_chain"])).sort("group", "relation")
    told = bound.group_by("customer", maintain_order=True).agg(links=pl.concat_str("relation", "group", separator=" "))
    return graph.parties.join(told, left_on="id", right_on="customer", how="left", maintain_order="left")["links"]


def _tier(rule: Mapping[str, Any]) -> pl.Expr:
    """The tier of the yearly mean revenue; a tier includes its lower bound."""
    tier = pl.lit(None, pl.String)
    for bound, name in zip(rule["tiers"], rule["tier_names"], strict=True):
        tier = pl.when(pl.col("revenue_year") >= bound).then(pl.lit(name)).otherwise(tier)
    return tier


def _why(rule: Mapping[str, Any]) -> pl.Expr:
    """The rules behind the labels, joined, each with its figures and its threshold: ``volume 450 > 100``."""
    figures = {"frequency": pl.col("frequency").round(2), "volume": pl.col("volume_year").round(3),
               "margin": pl.col("margin").round(4), "effect": pl.col("effect").round(4)}  # fmt: skip
    signs = {name: ">" if name == "volume" else "≥" for name in figures}
    required = [c for c in figures if c in rule["require"]]
    false = {
        "one-off": _part("one-off", pl.col("silence"), f"> {rule['one_off_cycles']} ×", cycle().round(1)),
        "bulk": _part("bulk", pl.col("largest").round(3), f"≥ {rule['bulk_share']}"),
        "no-profit": _part("no-profit", pl.col("margin").round(4), f"< {rule['margin_floor']}"),
        "exploiter": _part("exploiter", pl.col("net").round(2), "< 0"),
    }  # fmt: skip
    brought = _part("keys-brought", pl.col("keys_brought"), f"≥ {KEYS}")
    key: dict[str, pl.Expr] = {
        "nature": _part("nature", pl.concat_str("region", "sector", separator=" · ", ignore_nulls=True)),
        "strategic": pl.lit("both-high"),
        "influence": pl.when(pl.col("keys_brought") >= KEYS).then(brought).otherwise(pl.lit("earned-top-tenth")),
    }  # fmt: skip
    own = [pl.when("business").then(_part(c, figures[c], f"{signs[c]} {rule[c]}")) for c in required]
    own += [pl.when(pl.col("false_by") == name).then(part) for name, part in false.items()]
    met = dict(zip(REASONS, reasons_met(rule), strict=True))
    key["group"] = pl.col("links").list.join(_MARK)
    own += [pl.when(met[name].fill_null(False)).then(part) for name, part in key.items()]
    return _joined(own)


def _part(code: str, *figures: pl.Expr | str) -> pl.Expr:
    """A rule and its figures: null where a figure is missing."""
    told = (pl.lit(f) if isinstance(f, str) else f.cast(pl.String).str.strip_suffix(".0") for f in figures)
    return pl.concat_str(pl.lit(code), *told, separator=" ")


def _joined(words: Sequence[pl.Expr]) -> pl.Expr:
    """The words that are there as one text; polars joins texts many times faster than it puts lists together."""
    return pl.concat_str(words, separator=_MARK, ignore_nulls=True)


def _listed(column: str) -> pl.Expr:
    """What `_joined` has joined, as a list; null for none."""
    return pl.when(pl.col(column) != "").then(pl.col(column).str.split(_MARK)).alias(column)
