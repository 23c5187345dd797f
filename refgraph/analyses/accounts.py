"""Who is a key account and why, who only looks like one, and who is one unseen? Rules that a person can read and change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import polars as pl

from refgraph.graphs.accounts import measured, rules
from refgraph.graphs.periods import basis, standing
from refgraph.graphs.quadrants import brought_by, quadrants
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESC, analysis

Only = Literal["all", "key", "false", "hidden", "never-recommended", "silent"]
COLUMNS = (
    Column("customer", Unit.ID, detail=True),
    Column("name", Unit.TEXT),
    Column("account", Unit.LABEL),
    Column("key_by", Unit.TEXT, key="account_key_by"),
    Column("false_by", Unit.LABEL),
    Column("tier", Unit.TEXT, key="account_tier"),
    Column("value", Unit.VALUE, key="own_value"),
    Column("frequency", Unit.RATIO, detail=True),
    Column("volume_year", Unit.QUANTITY),
    Column("margin", Unit.SHARE, key="account_margin", detail=True),
    Column("effect", Unit.SHARE, key="account_effect", detail=True),
    Column("net", Unit.MONEY, key="account_net", detail=True),
    Column("silence", Unit.DAYS, detail=True),
    Column("rhythm", Unit.DAYS, detail=True),
    Column("silent", Unit.LABEL),
    Column("recommended", Unit.COUNT, key="account_recommended"),
    Column("keys_brought", Unit.COUNT, "M18"),
    Column("brought", Unit.TEXT, key="account_brought", detail=True),
    Column("why", Unit.TEXT, key="account_why"),
)
REASONS = ("business", "nature", "group", "strategic", "influence")


@analysis(grain="customer", columns=COLUMNS, order=(("value", DESC), ("customer", False)), formulas=("M18",))
def accounts(graph: Graph, *, only: Only = "all") -> Answer:
    """Existing customers as key, false or small and medium accounts: three sets, total and disjoint, each label with its why.

    key_by: business (the criteria that ``require`` names), nature (inside the territory, and business or of a special sector),
    group (affiliated in the value chain, and buying), strategic (potential and exposed to rivals), influence (hidden key
    account, M18). A false one meets a rule for false accounts: one-off, bulk (the largest order is half of all), no-profit,
    exploiter (net below zero though the margin is fair). silent: longer than twice its own rhythm. These sets never feed back:
    what `effect`, `recommenders` and `flows` call key stays the rule ``[key_account]``.
    """
    rule = rules(graph)
    figures = measured(graph, rule)
    if figures is None:
        return Answer(_empty(), message("headline.accounts-cannot-tell", standing=standing(graph)))
    frame = labelled(graph, rule, figures).filter("existing").sort("value", "customer", descending=[True, False])
    chosen = frame.filter({
        "all": pl.lit(True), "key": pl.col("account") == "account-key", "false": pl.col("account") == "account-false",
        "hidden": pl.col("key_by").str.contains("influence"), "silent": pl.col("silent") == "yes",
        "never-recommended": (pl.col("account") == "account-key") & (pl.col("recommended") == 0)}[only])  # fmt: skip
    return Answer(chosen.select(c.name for c in COLUMNS), _headline(graph, frame), tuple(_notes(graph, rule)))


def labelled(graph: Graph, rule: Mapping[str, Any], figures: pl.DataFrame) -> pl.DataFrame:
    """By position: all columns, ``existing``, and what the rules look at."""
    marks = quadrants(graph)
    bringers = brought_by(graph, np.flatnonzero(marks.keys > 0)).select("place", brought=pl.col("names").list.join("; "))
    frame = pl.concat([graph.parties.select("place", "id", "sector", "region", "potential", "rival_exposure"), figures],
                      how="horizontal").with_columns(
        existing=pl.Series(graph.existing), hidden=pl.Series(marks.hidden), linked=pl.Series(_linked(graph, rule)),
        value=pl.Series(graph.value.numbers), customer="id", name=graph.names, keys_brought=pl.Series(marks.keys),
        recommended=pl.Series(np.diff(graph.flow.out_ptr)),
    ).with_columns(pl.when(pl.col("keys_brought") >= 0).then("keys_brought")).join(
        bringers, on="place", how="left", maintain_order="left")  # fmt: skip
    frame = frame.with_columns(false_by=_false(rule), business=_business(rule))
    reasons = pl.concat_str(_reasons(rule), separator=", ", ignore_nulls=True)
    frame = frame.with_columns(key_by=pl.when(reasons.str.len_bytes() > 0).then(reasons))
    true = pl.col("key_by").is_not_null()
    account = (pl.when(pl.col("false_by").is_not_null()).then(pl.lit("account-false"))
               .when(true).then(pl.lit("account-key")).otherwise(pl.lit("account-small")))  # fmt: skip
    silent = pl.col("silence") > float(rule["silent_rhythms"]) * pl.col("rhythm")
    return frame.with_columns(
        account=account, tier=_tier(rule), why=_why(rule),
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
    return (pl.col("business"), inside & (pl.col("business") | special), pl.col("linked") & (pl.col("frequency") > 0), high,
            pl.col("hidden"))  # fmt: skip


def _reasons(rule: Mapping[str, Any]) -> list[pl.Expr]:
    met = reasons_met(rule)
    return [pl.when(each.fill_null(False)).then(pl.lit(name)) for name, each in zip(REASONS, met, strict=True)]


def _linked(graph: Graph, rule: Mapping[str, Any]) -> np.ndarray:
    """bool[n]: bound to a group by a relation of the value chain."""
    bound = np.zeros(len(graph), np.bool_)
    if graph.affiliations is not None:
        chain = graph.affiliations.filter(pl.col("relation").is_in(rule["value_chain"]))["customer"]
        bound |= graph.parties["id"].is_in(chain.unique().implode()).to_numpy()
    return bound


def _tier(rule: Mapping[str, Any]) -> pl.Expr:
    """The tier of the yearly mean revenue; a tier includes its lower bound."""
    tier = pl.lit(None, pl.String)
    for bound, name in zip(rule["tiers"], rule["tier_names"], strict=True):
        tier = pl.when(pl.col("revenue_year") >= bound).then(pl.lit(name)).otherwise(tier)
    return tier


def _why(rule: Mapping[str, Any]) -> pl.Expr:
    """The figures behind the label, each beside its threshold, in no language."""
    number = {"volume": pl.col("volume_year").round(3), "largest": pl.col("largest").round(3),
              "margin": pl.col("margin").round(4), "net": pl.col("net").round(2)}  # fmt: skip
    keys = pl.col("key_by")
    parts = [
        pl.when(pl.col("business")).then(pl.concat_str(pl.lit("volume "), number["volume"], pl.lit(f" > {rule['volume']}"))),
        pl.when(pl.col("false_by") == "bulk").then(pl.concat_str(pl.lit("largest order "), number["largest"], pl.lit(
            f" ≥ {rule['bulk_share']}"))),
        pl.when(pl.col("false_by") == "no-profit").then(pl.concat_str(pl.lit("margin "), number["margin"], pl.lit(
            f" < {rule['margin_floor']}"))),
        pl.when(pl.col("false_by") == "exploiter").then(pl.concat_str(pl.lit("net "), number["net"], pl.lit(" < 0"))),
        pl.when(pl.col("false_by") == "one-off").then(pl.concat_str(pl.lit("1 × , "), "silence", pl.lit(" d"))),
        pl.when(keys.str.contains("nature")).then(pl.concat_str("region", pl.lit(" · "), "sector", ignore_nulls=True)),
        pl.when(keys.str.contains("influence")).then(pl.concat_str(pl.lit("key accounts brought "), "keys_brought")),
    ]  # fmt: skip
    told = pl.concat_str(parts, separator="; ", ignore_nulls=True)
    return pl.when(told.str.len_bytes() > 0).then(told)


def _empty() -> pl.DataFrame:
    kinds = {Unit.ID: pl.String, Unit.TEXT: pl.String, Unit.LABEL: pl.String, Unit.COUNT: pl.Int64}
    return pl.DataFrame(schema={c.name: kinds.get(c.unit, pl.Float64) for c in COLUMNS})


def _headline(graph: Graph, frame: pl.DataFrame) -> Message:
    each = dict(frame["account"].value_counts().iter_rows())
    return message(
        "headline.accounts", customers=frame.height, key=each.get("account-key", 0), false=each.get("account-false", 0),
        small=each.get("account-small", 0), hidden=int(frame["key_by"].str.contains("influence").sum()),
        silent=int((frame["silent"] == "yes").sum()), basis=basis(graph), standing=standing(graph))


def _notes(graph: Graph, rule: Mapping[str, Any]) -> list[Message]:
    notes = [message("note.accounts-apart")]
    if not rule["territory"]:
        notes.append(message("note.accounts-no-territory"))
    return notes
