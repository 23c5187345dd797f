"""Which open prospects should be called? Those that somebody referred, overdue steps first."""

from __future__ import annotations

import polars as pl

from refgraph.graph.phrases import as_of_phrase
from refgraph.measures.conversion import are_stages_known, list_stage_notes
from refgraph.measures.members import Members
from refgraph.measures.own_cells import make_whole, measure_cells, tally_cells
from refgraph.measures.referrer_mix import (
    classify_referrer_mix,
    is_referrer_mix_known,
    note_referrer_mix,
)
from refgraph.measures.referrers import list_referrers
from refgraph.measures.tallies import build_columns
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tallies, Tally
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
    arcs = graph.arcs.with_row_index("row").filter("counted")
    as_of = pl.lit(graph.as_of, pl.Date)
    tallies = _compute_tallies(graph, arcs)
    figures = pl.DataFrame(build_columns(tallies))
    referred = parties.drop("tie", "at", *figures.columns, strict=False).join(
        list_referrers(graph, arcs), left_on="place", right_on="referred", how="inner"
    )
    referred = pl.concat([referred, figures[referred["place"]]], how="horizontal")
    steps = graph.parties.select("place", step=_classify_step(as_of))
    referred = referred.join(steps, on="place", maintain_order="left")
    frame = referred.select(
        pl.col("id").alias("customer"),
        pl.coalesce("name", "id").alias("name"),
        _build_status_expr(graph),
        "referrer",
        "referrer_name",
        "through",
        "date",
        "days_open",
        "owner",
        "next_step",
        "due",
        "done",
        "step",
        "days_overdue",
        "place",
    ).sort("days_overdue", "due", "customer", descending=[True, False, False], nulls_last=True)
    opened = Tallies(tallies, frame["place"].to_numpy())
    frame, notes = frame.drop("place"), (*_build_notes(graph), *note_referrer_mix(graph))
    return Answer(frame, _build_headline(graph, frame), notes, opened)


def _compute_tallies(graph: Graph, arcs: pl.DataFrame) -> dict[str, Tally]:
    """The dates of each party, and days to the as-of date; arcs: counted, with their ``row``."""
    as_of = pl.lit(graph.as_of, pl.Date)
    referrals = Members(
        "referrals", arcs["referred"].to_numpy(), len(graph), arcs["row"].to_numpy()
    )
    at, is_dated = measure_cells(
        graph.arcs.select((as_of - pl.col("at")).dt.total_days().alias("days"))["days"]
    )
    is_overdue = pl.when(_is_overdue(as_of))
    dates = graph.parties.select(
        "due",
        done=pl.when(_is_done(as_of)).then("done"),
        days_overdue=is_overdue.then((as_of - pl.col("due")).dt.total_days()),
    )
    open_days = referrals.find_extreme("greatest", at, is_dated[referrals.row])
    return {
        "date": tally_cells(graph.arcs["at"], referrals),
        "days_open": make_whole(open_days),
        "due": tally_cells(dates["due"]),
        "done": tally_cells(dates["done"]),
        "days_overdue": make_whole(tally_cells(dates["days_overdue"])),
    }


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
