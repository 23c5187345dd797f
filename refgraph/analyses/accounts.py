"""Who is a key account and why, who only looks like one, and who is a hidden one?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import polars as pl

from refgraph.analyses.account_rules import EXPLAIN
from refgraph.analyses.columns import make_empty_frame, select_columns
from refgraph.graph.phrases import as_of_phrase, key_account_phrase, value_basis_phrase
from refgraph.measures.account_figures import load_rules
from refgraph.measures.account_labels import compute_labels
from refgraph.measures.account_tallies import tally_account_figures
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, Names, message
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tallies
from refgraph.model.units import Unit
from refgraph.registry import DESCENDING, analysis

AccountFilter = Literal["all", "key", "false", "hidden", "never-recommended", "silent"]
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

MAX_NAMES = 8
"""Accounts of each kind that a note names."""
CRITERIA = ("frequency", "volume", "margin", "effect", "require")
"""Keys of ``[accounts]`` that say who is a business account."""
FILTERS: dict[AccountFilter, pl.Expr] = {
    "all": pl.lit(True),
    "key": pl.col("account") == "account-key",
    "false": pl.col("account") == "account-false",
    "hidden": (pl.col("account") == "account-key") & pl.col("key_by").list.contains("influence"),
    "silent": pl.col("silent") == "yes",
    "never-recommended": (pl.col("account") == "account-key") & (pl.col("recommended") == 0),
}


@analysis(
    grain="customer",
    columns=COLUMNS,
    needs_referrals=False,
    order=(("value", DESCENDING), ("customer", False)),
    formulas=("M18",),
    variants=(EXPLAIN,),
)
def accounts(graph: Graph, *, only: AccountFilter = "all") -> Answer:
    """Existing customers as key, false, or small and medium accounts, each with the reasons.

    The three sets are disjoint and complete.
    key_by: business (meets the criteria named by ``require``), nature (inside the territory, and
    business or of a special sector), group (affiliated in the value chain, and buying), strategic
    (high potential and exposed to rivals), influence (hidden key account, M18).
    false_by: one-off, bulk (one order is half of all), no-profit, exploiter (net below zero
    although the margin is fair); all that hold, joined by ``+``. silent: inactive for more than
    twice its usual order interval.
    These labels do not affect other analyses: `effect`, `recommenders` and `flows` take the rule
    ``[key_account]``.
    """
    labels = compute_labels(graph)
    if labels is None:
        headline = message("headline.accounts-cannot-tell", standing=as_of_phrase(graph))
        text_list = pl.List(pl.String)
        empty = make_empty_frame(COLUMNS, key_by=text_list, brought=text_list, why=text_list)
        return Answer(empty, headline)
    frame = labels.filter("existing").sort("value", "customer", descending=[True, False])
    shown = frame.filter(FILTERS[only])
    return Answer(
        select_columns(shown, COLUMNS),
        _build_headline(graph, frame),
        tuple(_build_notes(graph, load_rules(graph), frame)),
        Tallies(tally_account_figures(graph, labels), shown["place"].to_numpy()),
    )


def _build_headline(graph: Graph, frame: pl.DataFrame) -> Message:
    def count(only: AccountFilter) -> int:
        return frame.filter(FILTERS[only]).height

    key, false = count("key"), count("false")
    return message(
        "headline.accounts",
        customers=frame.height,
        rule=_describe_rule(graph),
        key=key,
        false=false,
        small=frame.height - key - false,
        hidden=count("hidden"),
        silent=count("silent"),
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )


def _describe_rule(graph: Graph) -> Message:
    """Whose criteria these are: the company's own, otherwise the defaults of refgraph."""
    if not set(graph.settings.accounts).isdisjoint(CRITERIA):
        return message("phrase.accounts-own-rule")
    return message("phrase.accounts-default-rule", volume=load_rules(graph)["volume"])


def _build_notes(graph: Graph, rules: Mapping[str, Any], frame: pl.DataFrame) -> list[Message]:
    """The false, hidden and inactive accounts by name, whichever accounts the answer lists."""
    notes = _note_false_accounts(frame.filter(FILTERS["false"]))
    hidden = frame.filter(FILTERS["hidden"])["name"]
    inactive = frame.filter(FILTERS["silent"])["name"]
    if hidden.len():
        notes.append(message("note.accounts-hidden", names=Names.shorten(hidden, MAX_NAMES)))
    if inactive.len():
        names = Names.shorten(inactive, MAX_NAMES)
        notes.append(message("note.accounts-silent", names=names, rhythms=rules["silent_rhythms"]))
    notes.append(message("note.accounts-apart", rule=key_account_phrase(graph)))
    if not rules["territory"]:
        notes.append(message("note.accounts-no-territory"))
    return notes


def _note_false_accounts(false: pl.DataFrame) -> list[Message]:
    if not false.height:
        return []
    named: list[object] = []
    for name, reason in false.select("name", "false_by").head(MAX_NAMES).iter_rows():
        named.append(message("phrase.account-false", name=name, reason=Label(reason)))
    if false.height > MAX_NAMES:
        named.append("…")
    return [message("note.accounts-false", accounts=false.height, named=tuple(named))]
