"""Who must not be asked, and when to ask the others: orders, events, consent and ties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from refgraph.measures.channels import classify_channels
from refgraph.model.graph import Bools, Graph

ASK_PAUSE, COMPLAINT_DAYS, GOOD_DAYS = 90, 180, 90
"""Days between two requests; days for which a complaint counts as open unless praise follows; and
days for which good news is recent where a customer has no usual order interval.
"""
GOOD_KINDS = ("praise", "event", "interview", "visit")
BAR_LABELS = ("no-consent", "open-complaint", "at-odds")
"""Why a customer is not asked."""


@dataclass(frozen=True, eq=False)
class Timing:
    """By party: when to ask. word: ask-now, ask-later (from a day on) or ask-next-order. day: from
    when, null unless later. last_order, last_good: dates, null if there is none.
    """

    word: pl.Series
    day: pl.Series
    last_order: pl.Series
    last_good: pl.Series


def find_barred(graph: Graph) -> dict[str, Bools]:
    """Reason -> bool[n]: parties that must not be asked, as far as the data say so.

    no-consent: the data record consent, and not for this party. open-complaint: a complaint in the
    last 180 days without praise after it. at-odds: a referral of or to it with such a tie.
    """
    nobody = np.zeros(len(graph), np.bool_)
    barred = dict.fromkeys(BAR_LABELS, nobody)
    if graph.has("customers.consent"):
        barred["no-consent"] = graph.parties["consent"].ne_missing("yes").to_numpy()
    if graph.events is not None and graph.as_of is not None:
        complaint = _find_last(graph, ("complaint",))
        praise = _find_last(graph, ("praise",))
        age = (pl.Series([graph.as_of]) - complaint).dt.total_days()
        recent = age <= COMPLAINT_DAYS
        is_open = recent & (praise.is_null() | (praise < complaint))
        barred["open-complaint"] = is_open.fill_null(False).to_numpy()
    is_bad = classify_channels(graph, graph.arcs["tie"].cast(pl.String), "tie") == "at-odds"
    bad = graph.arcs.filter(is_bad)
    at_odds = nobody.copy()
    at_odds[bad["referrer"].to_numpy()] = True
    at_odds[bad["referred"].to_numpy()] = True
    barred["at-odds"] = at_odds
    return barred


def find_timing(graph: Graph, as_of: date) -> Timing:
    """When to ask each party: now if its last order or good event is no older than its usual
    interval between orders, later within 90 days of the last request, else after its next order.
    """
    last_order, usual = _measure_orders(graph)
    last_good = _find_last(graph, GOOD_KINDS)
    asked = _find_last(graph, ("asked",))
    frame = pl.DataFrame(
        {"order": last_order, "good": last_good, "asked": asked, "usual": usual}
    ).with_columns(
        recent=pl.max_horizontal("order", "good"),
        free=pl.col("asked").dt.offset_by(f"{ASK_PAUSE}d"),
    )
    age = (pl.lit(as_of) - pl.col("recent")).dt.total_days()
    is_recent = (age <= pl.col("usual")).fill_null(False)
    is_paused = (pl.col("free") > as_of).fill_null(False)
    ready = pl.when(is_recent).then(pl.lit("ask-now")).otherwise(pl.lit("ask-next-order"))
    word = pl.when(is_paused).then(pl.lit("ask-later")).otherwise(ready)
    result = frame.select(word=word, day=pl.when(is_paused).then("free"))
    return Timing(result["word"], result["day"], last_order, last_good)


def find_contacts(graph: Graph) -> pl.Series:
    """Text per party: the person known to the company the longest, with title; null if none."""
    if graph.contacts is None:
        return pl.repeat(None, len(graph), dtype=pl.String, eager=True)
    known = graph.contacts.sort("since", "person", nulls_last=True).unique(
        "party", keep="first", maintain_order=True
    )
    has_title = pl.col("title").fill_null("").str.strip_chars() != ""
    title = pl.when(has_title).then(pl.concat_str(pl.lit(" ("), "title", pl.lit(")")))
    contact = known.select(id="party", contact=pl.concat_str("person", title.fill_null("")))
    ids = graph.parties.select("id")
    return ids.join(contact, on="id", how="left", maintain_order="left")["contact"]


def _find_last(graph: Graph, kinds: tuple[str, ...]) -> pl.Series:
    """Date per party of its last event of these kinds; null if there is none."""
    if graph.events is None:
        return pl.repeat(None, len(graph), dtype=pl.Date, eager=True)
    events = graph.events.filter(pl.col("kind").is_in(kinds))
    last = events.group_by("party").agg(pl.col("at").max())
    ids = graph.parties.select(party="id")
    return ids.join(last, on="party", how="left", maintain_order="left")["at"]


def _measure_orders(graph: Graph) -> tuple[pl.Series, pl.Series]:
    """By party: date of the last order, and the usual days between orders.

    That is the median of its own gaps from three order days on, else of all gaps; `GOOD_DAYS` if
    nobody has any.
    """
    places = pl.DataFrame({"place": np.arange(len(graph), dtype=np.int64)})
    if graph.orders is None or not graph.orders.height:
        return (
            pl.repeat(None, len(graph), dtype=pl.Date, eager=True),
            pl.repeat(float(GOOD_DAYS), len(graph), dtype=pl.Float64, eager=True),
        )
    days = graph.orders.select(place=pl.col("customer").cast(pl.Int64), at="at").drop_nulls()
    days = days.unique().sort("place", "at")
    gap = pl.col("at").diff().over("place").dt.total_days()
    gaps = days.with_columns(gap=gap)
    usual = gaps["gap"].median()
    own = pl.when(pl.len() >= 3).then(pl.col("gap").median())
    by_party = gaps.group_by("place").agg(last=pl.col("at").max(), own=own)
    joined = places.join(by_party, on="place", how="left", maintain_order="left")
    fallback = float(usual) if isinstance(usual, (int, float)) else float(GOOD_DAYS)
    return joined["last"], joined["own"].fill_null(fallback).cast(pl.Float64)
