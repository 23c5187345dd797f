"""Do newer customers refer more than older ones did at the same age? One row a joining year."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.graphs import calendar
from refgraph.graphs.arrivals import arrived
from refgraph.graphs.calendar import YEAR, year_numbers
from refgraph.graphs.follow_up import FollowUp, follow_up
from refgraph.graphs.periods import standing
from refgraph.model.graph import Graph, Longs
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESC, analysis

COLUMNS = (
    Column("cohort", Unit.ID),
    Column("customers", Unit.COUNT, key="cohort_customers"),
    Column("by_referral", Unit.COUNT, "M1"),
    Column("still_customers", Unit.COUNT),
    Column("retained", Unit.SHARE),
    Column("recommenders", Unit.COUNT, key="cohort_recommenders"),
    Column("referrals", Unit.COUNT, key="cohort_referrals"),
    Column("within_1", Unit.RATIO, "M3"),
    Column("within_2", Unit.RATIO, "M3"),
    Column("within_3", Unit.RATIO, "M3"),
)
SPANS = (1, 2, 3)


@analysis(grain="cohort", columns=COLUMNS, order=(("cohort", DESC),), formulas=("M1", "M3"))
def cohorts(graph: Graph) -> Answer:
    """Customers by the year of their first contract, former ones included, newest first; years without any are left out.

    within_k = referrals per customer within k years of joining, of a cohort of which everybody joined after the records began and
    k years before they end; else null. Leaving does not end it: who left refers no more, and that belongs to the number.
    """
    joined = year_numbers(calendar.membership(graph).joined)
    known = graph.customers & graph.parties["since"].is_not_null().to_numpy()
    if not known.any():
        frame = pl.DataFrame(schema={c.name: _dtype(c) for c in COLUMNS})
        return Answer(frame, message("headline.cohorts-none", standing=standing(graph)))
    cohort, place = np.unique(joined[known], return_inverse=True)
    of = np.full(len(graph), -1, np.int64)
    of[known] = place
    frame = pl.DataFrame({"cohort": cohort.astype(str)} | _counts(graph, of, len(cohort)) | _within(graph, of, len(cohort)),
                         schema={c.name: _dtype(c) for c in COLUMNS})  # fmt: skip
    shown = frame.with_columns(pl.col(pl.Float64).fill_nan(None)).reverse()
    return Answer(shown, _headline(graph, frame), tuple(_notes(graph)))


def _dtype(column: Column) -> type[pl.DataType]:
    return {Unit.ID: pl.String, Unit.COUNT: pl.Int64}.get(column.unit, pl.Float64)


def _counts(graph: Graph, of: Longs, cohorts: int) -> dict[str, object]:
    def count(mask: np.ndarray) -> Longs:
        return np.bincount(of[(of >= 0) & mask], minlength=cohorts)

    made = graph.arcs.filter("counted")["referrer"].to_numpy()
    mine = of[made]
    active = np.zeros(len(graph), bool)
    active[made] = True
    customers, still = count(np.ones(len(graph), bool)), count(graph.existing)
    return {"customers": customers, "by_referral": count(arrived(graph, ("customer", *graph.scope.count))),
            "still_customers": still, "retained": still / customers, "recommenders": count(active),
            "referrals": np.bincount(mine[mine >= 0], minlength=cohorts)}  # fmt: skip


def _within(graph: Graph, of: Longs, cohorts: int) -> dict[str, object]:
    """Referrals per customer within each span; nan where not everybody was seen for all of it."""
    seen, empty = follow_up(graph), np.full(cohorts, np.nan)
    if seen is None:
        return {f"within_{k}": empty for k in SPANS}
    mine = of[seen.customer]
    size = np.bincount(of[of >= 0], minlength=cohorts)
    out: dict[str, object] = {}
    for k in SPANS:
        whole = np.bincount(mine[_seen_for(graph, seen, k)], minlength=cohorts) == size
        made = np.bincount(mine[seen.who[seen.days <= k * YEAR]], minlength=cohorts)
        out[f"within_{k}"] = np.where(whole, made / np.maximum(size, 1), np.nan)
    return out


def _seen_for(graph: Graph, seen: FollowUp, years: int) -> np.ndarray:
    """Who joined on or after the day on which records begin, and ``years`` before they end."""
    assert graph.as_of
    last = calendar.number(min(graph.as_of, graph.scope.until) if graph.scope.until else graph.as_of)
    return np.asarray((seen.entry <= 0) & (last - seen.joined >= years * YEAR))


def _headline(graph: Graph, frame: pl.DataFrame) -> Message:
    told = frame.filter(pl.col("within_3").is_not_nan())
    size = int(told["customers"].sum())
    most = message("phrase.cohorts-cannot-tell")
    if size:
        mean = float((told["within_3"] * told["customers"]).sum()) / size
        most = message("phrase.cohorts-within", mean=mean, customers=size, first=told["cohort"][0], last=told["cohort"][-1])
    return message("headline.cohorts", cohorts=frame.height, customers=int(frame["customers"].sum()),
                   first=frame["cohort"][0], last=frame["cohort"][-1], most=most, standing=standing(graph))


def _notes(graph: Graph) -> list[Message]:
    from datetime import timedelta

    seen = follow_up(graph)
    undated = int((graph.customers & graph.parties["since"].is_null().to_numpy()).sum())
    notes = [message("note.growth-undated", customers=undated)] if undated else []
    if seen:
        notes.append(message("note.cohorts-seen", day=calendar.EPOCH + timedelta(days=seen.begin)))
        if seen.early:
            notes.append(message("note.referrals-early", referrals=seen.early))
    return notes
