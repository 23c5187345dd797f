"""Customers that left: where they went, whether they came back, and who led them back (M63)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.measures.calendar import MAX_DAY, to_day_number, to_day_numbers
from refgraph.model.graph import Graph, Longs

RIVAL, OWN, OTHER, NOT_SAID = "exit-rival", "exit-own", "exit-other", "exit-not-recorded"
EXITS = (RIVAL, OWN, OTHER, NOT_SAID)
LED = ("led-customer", "led-staff", "led-partner", "led-authority", "led-nobody")
"""Who led a customer back: whoever referred it between leaving and coming back."""
_RIVAL_WORDS = ("对手", "竞争", "同行", "竞品", "rival", "competitor", "competition")
_OWN_WORDS = ("自立门户", "自己做", "自营", "创业", "own business", "self-employed", "own company")


@dataclass(frozen=True, eq=False, kw_only=True)
class Returns:
    """One row per customer that left, m rows.

    customer int64[m]. exit: text [m], of `EXITS`. left int64[m]: in days since 1970-01-01. days
    int64[m]: from leaving to coming back, else to the as-of day. has_returned: bool [m]. led: text
    [m], of `LED`, null for who did not return.
    """

    customer: Longs
    exit: pl.Series
    left: Longs
    days: Longs
    has_returned: np.ndarray
    led: pl.Series


def list_returns(graph: Graph) -> Returns | None:
    """All customers that left by the as-of day; None without dates or if nobody did."""
    if graph.as_of is None:
        return None
    parties = graph.parties
    left_on = parties.select(pl.coalesce("left", "left_before")).to_series()
    left = to_day_numbers(left_on, MAX_DAY)
    rows = np.flatnonzero(graph.customers & (left < MAX_DAY))
    if not len(rows):
        return None
    left, back = left[rows], to_day_numbers(parties["back"], MAX_DAY)[rows]
    last = to_day_number(graph.as_of)
    has_returned = back <= last
    return Returns(
        customer=rows,
        exit=_classify_exits(parties["left_to"].gather(rows)),
        left=left,
        days=np.where(has_returned, back, last) - left,
        has_returned=has_returned,
        led=_find_leaders(graph, rows, left, np.where(has_returned, back, left)),
    )


def _classify_exits(words: pl.Series) -> pl.Series:
    """Where customers went, by words that the text contains."""
    text = words.str.strip_chars().str.to_lowercase()
    is_blank = text.is_null() | (text == "")
    is_rival, is_own = (
        text.str.contains_any(list(group)).fill_null(False) for group in (_RIVAL_WORDS, _OWN_WORDS)
    )
    word = (
        pl.when(is_blank)
        .then(pl.lit(NOT_SAID))
        .when(is_rival)
        .then(pl.lit(RIVAL))
        .when(is_own)
        .then(pl.lit(OWN))
        .otherwise(pl.lit(OTHER))
    )
    return pl.select(word.alias("exit")).to_series()


def _find_leaders(graph: Graph, rows: Longs, left: Longs, back: Longs) -> pl.Series:
    """The kind of the first referral of each customer between leaving and coming back."""
    frame = pl.DataFrame({"referred": rows, "since": left, "until": back})
    arcs = graph.arcs.filter(pl.col("valid") & pl.col("at").is_not_null())
    arcs = arcs.select(pl.col("referred").cast(pl.Int64), "kind", "referrer", day="at")
    arcs = arcs.with_columns(day=pl.col("day").to_physical().cast(pl.Int64))
    found = arcs.join(frame, on="referred", how="inner")
    found = found.filter((pl.col("day") > pl.col("since")) & (pl.col("day") <= pl.col("until")))
    first = found.sort("referred", "day", "referrer").unique("referred", keep="first")
    frame = frame.join(first.select("referred", "kind"), on="referred", how="left")
    frame = frame.sort("referred")
    led = pl.concat_str(pl.lit("led-"), pl.col("kind").fill_null("nobody"))
    is_back = pl.col("until") > pl.col("since")
    return frame.select(pl.when(is_back).then(led).alias("led")).to_series()
