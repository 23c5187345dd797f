"""Who buys much, who refers much, and which small customer is a hidden key account?"""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from refgraph.analyses.columns import make_empty_frame, select_columns
from refgraph.graph.phrases import as_of_phrase, note_key_account_rule, value_basis_phrase
from refgraph.measures.conversion import tally_referrals
from refgraph.measures.descendants import tally_credit
from refgraph.measures.members import number_parties
from refgraph.measures.quadrants import (
    MIN_KEY_ACCOUNTS,
    Quadrants,
    compute_quadrants,
    list_key_accounts_referred,
)
from refgraph.measures.reach_and_credit import tally_direct_value
from refgraph.measures.tallies import build_columns, measure_value
from refgraph.model.graph import Graph, Longs
from refgraph.model.message import Amount, Message, Names, message
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tallies, Tally
from refgraph.model.units import Unit
from refgraph.registry import DESCENDING, analysis

COLUMNS = (
    Column("customer", Unit.ID, key="party_id", detail=True),
    Column("name", Unit.TEXT),
    Column("quadrant", Unit.LABEL, "M18"),
    Column("hidden", Unit.LABEL, "M18"),
    Column("own_value", Unit.VALUE),
    Column("direct_value", Unit.VALUE, "M16", "credit"),
    Column("credit_earned", Unit.VALUE, "M14", "credit", detail=True),
    Column("keys_brought", Unit.COUNT),
    Column("keys_named", Unit.TEXT, detail=True),
)
HEADLINE_NAMES = 3
MAX_NAMES = 8
QUADRANT_WORDS = ("champion", "affluent", "advocate", "miser")


@analysis(
    grain="party",
    columns=COLUMNS,
    formulas=("M18",),
    order=(
        ("hidden", DESCENDING),
        ("direct_value", DESCENDING),
        ("own_value", DESCENDING),
        ("customer", False),
    ),
)
def quadrants(graph: Graph) -> Answer:
    """Existing customers by own value and direct value, each high from the median of those above 0.

    Champions are high in both, affluents in own value, advocates in direct value, misers in
    neither. hidden: low own value, and either two or more key accounts referred with a share of at
    least one half each, or earned credit in the top tenth of those who earned any.
    """
    if graph.value.basis == "customers":
        headline = message(
            "headline.quadrants-cannot-tell",
            missing=message("phrase.any-value"),
            standing=as_of_phrase(graph),
        )
        return Answer(make_empty_frame(COLUMNS, hidden=pl.Boolean), headline)
    quadrants = compute_quadrants(graph)
    tallies = _compute_tallies(graph)
    frame = _build_rows(graph, quadrants, tallies)
    opened = Tallies(tallies, frame["place"].to_numpy())
    frame = select_columns(frame, COLUMNS)
    notes = _build_notes(graph, quadrants, frame)
    headline = _build_headline(graph, quadrants, frame)
    return Answer(frame, headline, (*notes, note_key_account_rule(graph)), opened)


def _compute_tallies(graph: Graph) -> dict[str, Tally]:
    """The figures of each party."""
    keys = tally_referrals(graph, graph.parties["key"].fill_null(False).to_numpy())
    return {
        "own_value": number_parties(len(graph)).add_up(measure_value(graph)),
        "direct_value": tally_direct_value(graph),
        "credit_earned": tally_credit(graph)["credit_earned"],
        "keys_brought": keys.keep_known(graph.is_key_account_known),
    }


def _build_rows(graph: Graph, quadrants: Quadrants, tallies: dict[str, Tally]) -> pl.DataFrame:
    """One row per existing customer, in order."""
    low_own = np.where(quadrants.direct_high, 2, 3)
    word_index = np.where(quadrants.own_high, np.where(quadrants.direct_high, 0, 1), low_own)
    words = pl.Series(QUADRANT_WORDS).gather(word_index)
    frame = graph.parties.select("place", customer="id", name=graph.names).with_columns(
        quadrant=words,
        hidden=pl.Series(quadrants.hidden),
        **build_columns(tallies),
    )
    customers = np.flatnonzero(graph.existing)
    key_names = _name_key_accounts_referred(graph, customers)
    frame = frame[customers].join(key_names, on="place", how="left", maintain_order="left")
    order = ["hidden", "direct_value", "own_value", "customer"]
    return frame.sort(order, descending=[True, True, True, False])


def _name_key_accounts_referred(graph: Graph, customers: Longs) -> pl.DataFrame:
    """``place``, and ``keys_named``: the key accounts that each customer referred, in one text."""
    referred = list_key_accounts_referred(graph, customers)
    number = pl.col("names").list.len()
    more = pl.concat_str(pl.lit("; +"), number - MAX_NAMES)
    ending = pl.when(number > MAX_NAMES).then(more).otherwise(pl.lit(""))
    names = pl.col("names").list.head(MAX_NAMES).list.join("; ")
    return referred.select("place", keys_named=pl.concat_str(names, ending))


def _build_headline(graph: Graph, quadrants: Quadrants, frame: pl.DataFrame) -> Message:
    if not frame.height:
        return message("headline.quadrants-none", standing=as_of_phrase(graph))
    counts = {word: int((frame["quadrant"] == word).sum()) for word in QUADRANT_WORDS}
    return message(
        "headline.quadrants",
        head=_describe_hidden(graph, quadrants, frame.filter("hidden")),
        customers=frame.height,
        **counts,
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )


def _describe_hidden(graph: Graph, quadrants: Quadrants, hidden: pl.DataFrame) -> Message:
    """The hidden key accounts by name; the reason if there is only one."""
    if not hidden.height:
        return message("phrase.hidden-none")
    if hidden.height > 1:
        names = Names.shorten(hidden["name"], HEADLINE_NAMES)
        return message("phrase.hidden-many", hidden=hidden.height, names=names)
    customer = hidden.row(0, named=True)
    is_by_keys = quadrants.main_keys[quadrants.hidden] >= MIN_KEY_ACCOUNTS
    reason = "keys" if is_by_keys.any() else "credit"
    return message(
        f"phrase.hidden-by-{reason}",
        name=customer["name"],
        keys=customer["keys_brought"],
        own=graph.value.amount(customer["own_value"]),
        brought=graph.value.amount(customer["direct_value"]),
    )


def _build_notes(graph: Graph, quadrants: Quadrants, frame: pl.DataFrame) -> list[Message]:
    notes = []
    if frame.height:
        own = _format_threshold(graph, quadrants.own_cut)
        direct = _format_threshold(graph, quadrants.direct_cut)
        notes.append(message("note.quadrants-cuts", own=own, direct=direct))
    if frame["credit_earned"].null_count():
        notes.append(message("note.credit-beyond-bound"))
    return notes


def _format_threshold(graph: Graph, threshold: float) -> Amount | None:
    """None if nobody is above 0."""
    return None if math.isnan(threshold) else graph.value.amount(threshold)
