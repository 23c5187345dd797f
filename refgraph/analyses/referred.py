"""Who came by referral? One row per customer, as evidence for every number of ``effect``."""

from __future__ import annotations

import polars as pl

from refgraph.analyses.columns import select_columns
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures.members import Members, number_parties
from refgraph.measures.own_cells import measure_cells, tally_cells
from refgraph.measures.referral_status import is_referred
from refgraph.measures.referrer_mix import (
    classify_referrer_mix,
    is_referrer_mix_known,
    note_referrer_mix,
)
from refgraph.measures.referrers import list_referrers
from refgraph.measures.tallies import measure_value
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tallies, Tally
from refgraph.model.units import Unit
from refgraph.registry import DESCENDING, analysis

COLUMNS = (
    Column("customer", Unit.ID),
    Column("name", Unit.TEXT),
    Column("referrer", Unit.TEXT, detail=True),
    Column("referrer_name", Unit.TEXT),
    Column("date", Unit.DATE),
    Column("tie", Unit.TEXT, detail=True),
    Column("through", Unit.LABEL),
    Column("value", Unit.VALUE, key="own_value"),
    Column("reward", Unit.MONEY, detail=True),
    Column("file", Unit.TEXT, detail=True),
    Column("line", Unit.TEXT, detail=True),
)


@analysis(
    grain="customer",
    columns=COLUMNS,
    order=(("value", DESCENDING), ("customer", False)),
    formulas=("M1",),
)
def referred(graph: Graph) -> Answer:
    """Existing customers that were referred, with referrer, date, and file and line of the record.

    Counts the kinds of referrers that the scope counts. Several referrers are listed in order of
    share; date, tie, file and line are those of the primary one; reward is the sum.
    """
    frame, opened = _build_rows(graph)
    return Answer(frame, _build_headline(graph, frame), _build_notes(graph, frame), opened)


def _build_rows(graph: Graph) -> tuple[pl.DataFrame, Tallies]:
    """One row per customer, and what its figures are made of."""
    kinds = ("customer", *graph.scope.count)
    mix: pl.Series | pl.Expr = pl.lit(None, pl.String)
    if is_referrer_mix_known(graph):
        mix = classify_referrer_mix(graph, kinds)
    is_one = pl.Series(graph.existing & is_referred(graph, kinds))
    customers = graph.parties.with_columns(through=mix).filter(is_one)
    is_arc = pl.col("valid") & pl.col("kind").is_in(kinds)
    arcs = graph.arcs.with_row_index("row").filter(is_arc)
    referrers = list_referrers(graph, arcs)
    tallies = _compute_tallies(graph, arcs, referrers)
    joined = customers.drop("tie", "reward", strict=False).join(
        referrers.drop("reward"), left_on="place", right_on="referred", how="left"
    )
    place = joined["place"]
    is_unknown = pl.col("referrer").is_null()
    frame = joined.select(
        pl.col("id").alias("customer"),
        pl.coalesce("name", "id").alias("name"),
        "referrer",
        "referrer_name",
        "tie",
        pl.when(is_unknown).then(pl.lit("unknown")).otherwise("through").alias("through"),
        pl.coalesce("arc_file", "file").alias("file"),
        pl.coalesce("arc_line", "line").alias("line"),
        "place",
        **{name: tally.to_series().gather(place) for name, tally in tallies.items()},
    ).sort("value", "customer", descending=[True, False])
    return select_columns(frame, COLUMNS), Tallies(tallies, frame["place"].to_numpy())


def _compute_tallies(graph: Graph, arcs: pl.DataFrame, referrers: pl.DataFrame) -> dict[str, Tally]:
    """Date and reward of the referrals, and the value, by party; arcs: with their ``row``."""
    first = Members(
        "referrals", referrers["referred"].to_numpy(), len(graph), referrers["arc"].to_numpy()
    )
    every = Members("referrals", arcs["referred"].to_numpy(), len(graph), arcs["row"].to_numpy())
    reward, is_recorded = measure_cells(graph.arcs["reward"])
    is_rewarded = is_recorded[every.row]
    rewards = every.add_up(reward, is_rewarded)
    return {
        "date": tally_cells(graph.arcs["at"], first),
        "value": number_parties(len(graph)).add_up(measure_value(graph)),
        "reward": rewards.keep_known(every.count(is_rewarded).numbers > 0),
    }


def _build_headline(graph: Graph, frame: pl.DataFrame) -> Message:
    if not frame.height:
        return message("headline.referred-none", standing=as_of_phrase(graph))
    return message(
        "headline.referred",
        customers=frame.height,
        n=int(graph.existing.sum()),
        value=graph.value.amount(float(frame["value"].sum())),
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )


def _build_notes(graph: Graph, frame: pl.DataFrame) -> tuple[Message, ...]:
    unknown = frame["referrer"].null_count()
    notes = [message("note.referrer-unknown", customers=unknown)] if unknown else []
    return (*notes, *note_referrer_mix(graph))
