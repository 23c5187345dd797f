"""Who is a key account and why, who only looks like one, and who is one unseen? Rules that a person can read and change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import polars as pl

from refgraph.graphs.account_labels import labels
from refgraph.graphs.accounts import rules
from refgraph.graphs.periods import basis, standing
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, Names, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESC, analysis

Only = Literal["all", "key", "false", "hidden", "never-recommended", "silent"]
COLUMNS = (
    Column("customer", Unit.ID, detail=True),
    Column("name", Unit.TEXT),
    Column("account", Unit.LABEL),
    Column("key_by", Unit.LABEL, key="account_key_by"),
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
    Column("why", Unit.REASON, key="account_why"),
)

NAMED = 8
"""False, hidden and silent accounts that a note names."""


@analysis(grain="customer", columns=COLUMNS, order=(("value", DESC), ("customer", False)), formulas=("M18",))
def accounts(graph: Graph, *, only: Only = "all") -> Answer:
    """Existing customers as key, false or small and medium accounts: three sets, total and disjoint, each label with its why.

    key_by: business (the criteria that ``require`` names), nature (inside the territory, and business or of a special sector),
    group (affiliated in the value chain, and buying), strategic (potential and exposed to rivals), influence (hidden key
    account, M18). A false one meets a rule for false accounts: one-off, bulk (the largest order is half of all), no-profit,
    exploiter (net below zero though the margin is fair). silent: longer than twice its own rhythm. These sets never feed back:
    what `effect`, `recommenders` and `flows` call key stays the rule ``[key_account]``.
    """
    found = labels(graph)
    if found is None:
        return Answer(_empty(), message("headline.accounts-cannot-tell", standing=standing(graph)))
    frame = found.filter("existing").sort("value", "customer", descending=[True, False])
    chosen = frame.filter({
        "all": pl.lit(True), "key": pl.col("account") == "account-key", "false": pl.col("account") == "account-false",
        "hidden": pl.col("key_by").list.contains("influence"), "silent": pl.col("silent") == "yes",
        "never-recommended": (pl.col("account") == "account-key") & (pl.col("recommended") == 0)}[only])  # fmt: skip
    return Answer(chosen.select(c.name for c in COLUMNS), _headline(graph, frame), tuple(_notes(rules(graph), frame)))


def _empty() -> pl.DataFrame:
    kinds = {Unit.ID: pl.String, Unit.TEXT: pl.String, Unit.LABEL: pl.String, Unit.COUNT: pl.Int64}
    lists = dict.fromkeys(("key_by", "brought", "why"), pl.List(pl.String))
    return pl.DataFrame(schema={c.name: lists.get(c.name, kinds.get(c.unit, pl.Float64)) for c in COLUMNS})


def _headline(graph: Graph, frame: pl.DataFrame) -> Message:
    each = dict(frame["account"].value_counts().iter_rows())
    return message(
        "headline.accounts", customers=frame.height, key=each.get("account-key", 0), false=each.get("account-false", 0),
        small=each.get("account-small", 0), hidden=int(frame["key_by"].list.contains("influence").sum()),
        silent=int((frame["silent"] == "yes").sum()), basis=basis(graph), standing=standing(graph))


def _notes(rule: Mapping[str, Any], frame: pl.DataFrame) -> list[Message]:
    """Who is to be looked at, by name, whatever part of the list was asked for."""
    false = frame.filter(pl.col("false_by").is_not_null())
    named = [message("phrase.account-false", name=name, reason=Label(reason))
             for name, reason in false.select("name", "false_by").head(NAMED).iter_rows()]
    rest = ("…",) if false.height > NAMED else ()
    notes = [message("note.accounts-false", accounts=false.height, named=(*named, *rest))] if named else []
    hidden, silent = (frame.filter(who)["name"] for who in (
        pl.col("key_by").list.contains("influence"), pl.col("silent") == "yes"))  # fmt: skip
    if hidden.len():
        notes.append(message("note.accounts-hidden", names=_names(hidden)))
    if silent.len():
        notes.append(message("note.accounts-silent", names=_names(silent), rhythms=rule["silent_rhythms"]))
    notes.append(message("note.accounts-apart"))
    if not rule["territory"]:
        notes.append(message("note.accounts-no-territory"))
    return notes


def _names(names: pl.Series) -> Names:
    return Names(tuple(names.head(NAMED)), max(names.len() - NAMED, 0))
