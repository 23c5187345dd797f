"""Which open prospects should be called? Those that somebody referred, overdue steps first."""

from __future__ import annotations

import polars as pl

from refgraph.graph.phrases import as_of_phrase
from refgraph.measures.conversion import are_stages_known, list_stage_notes
from refgraph.measures.referrer_mix import (
    classify_referrer_mix,
    is_referrer_mix_known,
    note_referrer_mix,
)
from refgraph.measures.referrers import list_referrers
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESCENDING, analysis

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


@analysis(
    grain="prospect",
    columns=COLUMNS,
    order=(("days_overdue", DESCENDING), ("due", False), ("customer", False)),
)
def prospects(graph: Graph) -> Answer:
    """Open prospects with a counted referral, the longest overdue first, then by due date.

    days_open: from the first referral to the as-of date. step: ``overdue`` (due before the as-of
    date and not done by then), ``done``, ``planned`` or ``unplanned``; later entries are not known
    yet. Several referrers are listed in order of share. status: blank on a day before the last in
    the data, for which no stage is recorded.
    """
    mix: pl.Series | pl.Expr = pl.lit(None, pl.String)
    if is_referrer_mix_known(graph):
        mix = classify_referrer_mix(graph, ("customer", *graph.scope.count))
    is_open = (pl.col("stage") == "prospect") & pl.col("status").ne_missing("lost")
    parties = graph.parties.with_columns(through=mix).filter(is_open)
    referrers = list_referrers(graph, graph.arcs.filter("counted")).rename({"earliest": "date"})
    referred = parties.drop("tie", "at", strict=False).join(
        referrers, left_on="place", right_on="referred", how="inner"
    )
    as_of = pl.lit(graph.as_of, pl.Date)
    is_done, is_overdue = _is_done(as_of), _is_overdue(as_of)
    frame = referred.select(
        pl.col("id").alias("customer"),
        pl.coalesce("name", "id").alias("name"),
        _build_status_expr(graph),
        "referrer",
        "referrer_name",
        "through",
        "date",
        (as_of - pl.col("date")).dt.total_days().alias("days_open"),
        "owner",
        "next_step",
        "due",
        pl.when(is_done).then("done").alias("done"),
        _classify_step(as_of).alias("step"),
        pl.when(is_overdue).then((as_of - pl.col("due")).dt.total_days()).alias("days_overdue"),
    ).sort("days_overdue", "due", "customer", descending=[True, False, False], nulls_last=True)
    return Answer(
        frame, _build_headline(graph, frame), (*_build_notes(graph), *note_referrer_mix(graph))
    )


def _build_status_expr(graph: Graph) -> pl.Expr:
    if not are_stages_known(graph):
        return pl.lit(None, pl.String).alias("status")
    return pl.col("status").fill_null("prospect")


def _is_done(as_of: pl.Expr) -> pl.Expr:
    return (pl.col("done") <= as_of).fill_null(False)


def _is_overdue(as_of: pl.Expr) -> pl.Expr:
    return ~_is_done(as_of) & (pl.col("due") < as_of).fill_null(False)


def _classify_step(as_of: pl.Expr) -> pl.Expr:
    """State of the next step on the as-of date."""
    return (
        pl.when(_is_overdue(as_of))
        .then(pl.lit("overdue"))
        .when(_is_done(as_of))
        .then(pl.lit("done"))
        .when(pl.col("due").is_not_null())
        .then(pl.lit("planned"))
        .otherwise(pl.lit("unplanned"))
    )


def _build_headline(graph: Graph, frame: pl.DataFrame) -> Message:
    if not frame.height:
        return message("headline.prospects-none", standing=as_of_phrase(graph))
    steps = dict(frame["step"].value_counts().iter_rows())
    return message(
        "headline.prospects",
        prospects=frame.height,
        planned=frame.height - steps.get("unplanned", 0),
        done=steps.get("done", 0),
        overdue=steps.get("overdue", 0),
        standing=as_of_phrase(graph),
    )


def _build_notes(graph: Graph) -> list[Message]:
    columns = [f"customers.{name}" for name in ("owner", "next_step", "due", "done")]
    missing = [name for name in columns if not graph.has(name)]
    notes = list_stage_notes(graph)
    if missing:
        notes.append(message("note.follow-up-not-recorded", columns=missing))
    return notes
