"""Whom should we call? The open prospects that somebody referred, overdue steps first."""

from __future__ import annotations

import polars as pl

from refgraph.analyses.effect import can_split, through
from refgraph.graphs.periods import standing
from refgraph.graphs.referrers import referrers
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESC, analysis

COLUMNS = (
    Column("customer", Unit.ID, key="prospect"),
    Column("name", Unit.TEXT),
    Column("status", Unit.LABEL),
    Column("referrer", Unit.TEXT, detail=True),
    Column("referrer_name", Unit.TEXT),
    Column("through", Unit.LABEL),
    Column("date", Unit.DATE, detail=True),
    Column("days_open", Unit.DAYS),
    Column("owner", Unit.TEXT),
    Column("next_step", Unit.TEXT),
    Column("due", Unit.DATE),
    Column("done", Unit.DATE, detail=True),
    Column("step", Unit.LABEL),
    Column("days_overdue", Unit.DAYS),
)


@analysis(grain="prospect", columns=COLUMNS, order=(("days_overdue", DESC), ("due", False), ("customer", False)))
def prospects(graph: Graph) -> Answer:
    """Parties of role customer that have not closed, are neither lost nor void, and whom a counted referral names.

    days_open from the first referral to the as-of day. step: ``overdue`` (due before the as-of day and not done on it),
    ``done``, ``planned``, ``unplanned``; what was done later is not known yet. Several referrers stand in order of share.
    Overdue longest first, then by due date.
    """
    people = graph.parties.with_columns(through=through(graph, _kinds(graph)) if can_split(graph) else pl.lit(None, pl.String))
    people = people.filter((pl.col("stage") == "prospect") & pl.col("status").ne_missing("lost"))
    who = referrers(graph, graph.arcs.filter("counted")).rename({"earliest": "date"})
    told = people.drop("tie", "at", strict=False).join(who, left_on="place", right_on="referred", how="inner")
    day = pl.lit(graph.as_of, pl.Date)
    done = (pl.col("done") <= day).fill_null(False)
    overdue = ~done & (pl.col("due") < day).fill_null(False)
    step = (pl.when(overdue).then(pl.lit("overdue")).when(done).then(pl.lit("done"))
            .when(pl.col("due").is_not_null()).then(pl.lit("planned")).otherwise(pl.lit("unplanned")))  # fmt: skip
    frame = told.select(
        pl.col("id").alias("customer"), pl.coalesce("name", "id").alias("name"), pl.col("status").fill_null("prospect"),
        "referrer", "referrer_name", "through", "date", (day - pl.col("date")).dt.total_days().alias("days_open"), "owner",
        "next_step", "due", pl.when(done).then("done").alias("done"), step.alias("step"),
        pl.when(overdue).then((day - pl.col("due")).dt.total_days()).alias("days_overdue"),
    ).sort("days_overdue", "due", "customer", descending=[True, False, False], nulls_last=True)  # fmt: skip
    return Answer(frame, _headline(graph, frame), tuple(_notes(graph)))


def _kinds(graph: Graph) -> tuple[str, ...]:
    return ("customer", *graph.scope.count)


def _headline(graph: Graph, frame: pl.DataFrame) -> Message:
    if not frame.height:
        return message("headline.prospects-none", standing=standing(graph))
    steps = dict(frame["step"].value_counts().iter_rows())
    planned = frame.height - steps.get("unplanned", 0)
    return message("headline.prospects", prospects=frame.height, planned=planned, done=steps.get("done", 0),
                   overdue=steps.get("overdue", 0), standing=standing(graph))


def _notes(graph: Graph) -> list[Message]:
    missing = [c for c in ("owner", "next_step", "due", "done") if not graph.has(f"customers.{c}")]
    return [message("note.follow-up-not-recorded", columns=missing)] if missing else []
