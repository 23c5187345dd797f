"""How long until a customer refers for the first time, and do old customers refer more than young ones?"""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from refgraph.estimates.survival import Curve, kaplan_meier, median_time, share_by
from refgraph.graphs.calendar import YEAR
from refgraph.graphs.follow_up import FollowUp, follow_up
from refgraph.graphs.periods import standing
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("tenure", Unit.LABEL),
    Column("watched", Unit.COUNT),
    Column("customer_years", Unit.RATIO),
    Column("referrals", Unit.COUNT, key="tenure_referrals"),
    Column("per_year", Unit.RATIO, "M8"),
    Column("first_referrals", Unit.COUNT, detail=True),
    Column("referred_by_then", Unit.SHARE, "M5"),
    Column("referred_by_then_low", Unit.SHARE, "M5"),
    Column("referred_by_then_high", Unit.SHARE, "M5"),
)
BORDERS = (0.0, 1.0, 3.0, 5.0, 10.0, math.inf)
TENURES = ("0-1", "1-3", "3-5", "5-10", "10+-years")
"""Years since joining, lower border included."""


@analysis(grain="tenure", columns=COLUMNS, order=(), formulas=("M5", "M8"))
def time_to_refer(graph: Graph) -> Answer:
    """One row a bracket of years since joining: referrals per customer and year within it (M8), and the share who had
    referred by its end (M5, Kaplan-Meier with late entry and log-log band).

    watched = customers seen at some time of the bracket; customer_years = how long, in all. A customer is seen from its
    first day, or the day on which records begin if later, until it leaves or the as-of day. Null: nobody was followed that long.
    """
    seen = follow_up(graph)
    if seen is None or not seen.watched.any():
        frame = pl.DataFrame(schema={c.name: _dtype(c) for c in COLUMNS})
        return Answer(frame, message("headline.time-to-refer-none", standing=standing(graph)))
    curve = _curve(seen)
    rows = [_row(seen, curve, k) for k in range(len(TENURES))]
    frame = pl.DataFrame(rows, schema={c.name: _dtype(c) for c in COLUMNS}, orient="row")
    return Answer(frame.with_columns(pl.col(pl.Float64).fill_nan(None)), _headline(graph, seen, curve), tuple(_notes(seen)))


def _dtype(column: Column) -> type[pl.DataType]:
    return {Unit.LABEL: pl.String, Unit.COUNT: pl.Int64}.get(column.unit, pl.Float64)


def _first(seen: FollowUp) -> np.ndarray:
    """Days to the first referral by row; -1 for none, and for one by the day on which watching began."""
    first = np.full(len(seen.customer), -1, np.int64)
    first[seen.who[::-1]] = seen.days[::-1]
    return np.where(first > np.where(seen.entry > 0, seen.entry, -1), first, -1)


def _curve(seen: FollowUp) -> Curve:
    """The curve of those without a referral; who had one by the day on which watching began can have no first one."""
    first, early = _first(seen), np.zeros(len(seen.customer), bool)
    early[seen.who] = True
    kept = (seen.exit >= 0) & ~(early & (first < 0))
    return kaplan_meier(seen.entry[kept], np.where(first >= 0, first, seen.exit)[kept], (first >= 0)[kept])


def _row(seen: FollowUp, curve: Curve, k: int) -> dict[str, object]:
    low, high = BORDERS[k] * YEAR, BORDERS[k + 1] * YEAR
    start, end = np.maximum(np.maximum(seen.entry, 0), low), np.minimum(seen.exit, high)
    here = end > start
    years = float((end - start)[here].sum()) / YEAR
    inside = (seen.days >= low) & (seen.days < high) & (seen.days >= seen.entry[seen.who])
    first = _first(seen)
    firsts = int(((first >= low) & (first < high)).sum())
    share = share_by(curve, high) if math.isfinite(high) else (math.nan,) * 3
    return {"tenure": TENURES[k], "watched": int(here.sum()), "customer_years": years, "referrals": int(inside.sum()),
            "per_year": inside.sum() / years if years else math.nan, "first_referrals": firsts, "referred_by_then": share[0],
            "referred_by_then_low": share[1], "referred_by_then_high": share[2]}  # fmt: skip


def _headline(graph: Graph, seen: FollowUp, curve: Curve) -> Message:
    median = median_time(curve)[0]
    reached = message("phrase.half-by", years=median / YEAR) if not math.isnan(median) else message("phrase.half-not-reached")
    parts = {}
    for k in (1, 3, 5):
        share, low, high = share_by(curve, k * YEAR)
        parts[f"by{k}"] = message("phrase.share-known", share=share, low=low, high=high) if not math.isnan(low) else message(
            "phrase.share-bare", share=share) if not math.isnan(share) else message("phrase.share-unknown")
    return message("headline.time-to-refer", customers=int(seen.watched.sum()), first=int((_first(seen) >= 0).sum()),
                   reached=reached, **parts, standing=standing(graph))


def _notes(seen: FollowUp) -> list[Message]:
    from datetime import timedelta

    from refgraph.graphs.calendar import EPOCH

    notes = [message("note.records-begin", day=EPOCH + timedelta(days=seen.begin),
                     customers=int((seen.entry > 0).sum()))]  # fmt: skip
    if seen.early:
        notes.append(message("note.referrals-early", referrals=seen.early))
    if seen.undated:
        notes.append(message("note.referrals-undated-unused", referrals=seen.undated))
    return notes
