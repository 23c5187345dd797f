"""Who bought last, most often and most? Recency, frequency and monetary value, 1 to 5 each."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from refgraph.analyses.columns import make_empty_frame, select_columns
from refgraph.estimates.rank import quantile_scores
from refgraph.graph.memo import cached_on_first_argument
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.graph.value import select_window
from refgraph.measures.calendar import EPOCH
from refgraph.measures.conversion import tally_referrals
from refgraph.measures.members import Members, number_parties
from refgraph.measures.own_cells import make_whole, measure_cells
from refgraph.measures.tallies import build_columns, measure_value
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Quantity, Tallies, Tally
from refgraph.model.units import Unit
from refgraph.registry import DESCENDING, analysis

COLUMNS = (
    Column("customer", Unit.ID, key="party_id", detail=True),
    Column("name", Unit.TEXT),
    Column("r", Unit.COUNT, "M24", key="rfm_r", closed="rank"),
    Column("f", Unit.COUNT, "M24", key="rfm_f", closed="rank"),
    Column("m", Unit.COUNT, "M24", key="rfm_m", closed="rank"),
    Column("score", Unit.COUNT, "M24", key="rfm_score", closed="rank"),
    Column("last_order", Unit.DATE),
    Column("days_since", Unit.DAYS, detail=True),
    Column("orders", Unit.COUNT, key="orders_made"),
    Column("own_value", Unit.VALUE),
    Column("direct", Unit.COUNT),
)
MIN_BEST_SCORE = 13
"""The headline counts customers from this sum of scores on."""


@analysis(
    grain="party",
    columns=COLUMNS,
    formulas=("M24",),
    needs_referrals=False,
    order=(("score", DESCENDING), ("own_value", DESCENDING), ("customer", False)),
)
def rfm(graph: Graph) -> Answer:
    """Existing customers with an order in the window (``--since``, ``--until``), by total score.

    Each score is the customer's quintile among them, 5 = latest, most often, most; equal customers
    get the same score.
    """
    missing: list[Label | Message] = []
    if graph.orders is None:
        missing.append(Label("orders"))
    if graph.value.basis == "customers":
        missing.append(message("phrase.any-value"))
    if missing:
        headline = message(
            "headline.rfm-cannot-tell", missing=missing, standing=as_of_phrase(graph)
        )
        return Answer(make_empty_frame(COLUMNS, days_since=pl.Int64), headline)
    frame = _build_rows(graph)
    without_order = int(graph.existing.sum()) - frame.height
    notes = (message("note.rfm-silent", customers=without_order),) if without_order else ()
    opened = Tallies(_compute_tallies(graph), frame["place"].to_numpy())
    frame = select_columns(frame, COLUMNS)
    return Answer(frame, _build_headline(graph, frame), notes, opened)


def _build_rows(graph: Graph) -> pl.DataFrame:
    """One row per existing customer with an order, in order."""
    frame = graph.parties.select("place", customer="id", name=graph.names).with_columns(
        **build_columns(_compute_tallies(graph))
    )
    frame = frame.filter(pl.Series(graph.existing) & pl.col("last_order").is_not_null())
    frame = frame.with_columns(
        r=_score(-frame["days_since"]), f=_score(frame["orders"]), m=_score(frame["own_value"])
    )
    frame = frame.with_columns(score=pl.sum_horizontal("r", "f", "m"))
    return frame.sort("score", "own_value", "customer", descending=[True, True, False])


@cached_on_first_argument
def _compute_tallies(graph: Graph) -> dict[str, Tally]:
    """The figures of each party, by its orders in the window."""
    assert graph.orders is not None and graph.as_of is not None
    window = select_window(graph.orders.with_row_index("row"), graph.scope)
    orders = Members("orders", window["customer"].to_numpy(), len(graph), window["row"].to_numpy())
    day, is_dated = measure_cells(graph.orders["at"])
    age = Quantity(scaled=(graph.as_of - EPOCH).days - day.scaled)
    in_window = is_dated[orders.row]
    direct = tally_referrals(graph)
    return {
        "last_order": replace(orders.find_extreme("greatest", day, in_window), is_date=True),
        "days_since": make_whole(orders.find_extreme("least", age, in_window)),
        "orders": orders.count(),
        "own_value": number_parties(len(graph)).add_up(measure_value(graph)),
        "direct": direct.keep_known(graph.has_referral_data),
    }


def _score(figures: pl.Series) -> pl.Series:
    """Quintile of each figure, 1 to 5; 5 = highest."""
    return pl.Series(quantile_scores(figures.cast(pl.Float64).to_numpy()))


def _build_headline(graph: Graph, frame: pl.DataFrame) -> Message:
    if not frame.height:
        return message("headline.rfm-none", standing=as_of_phrase(graph))
    best = frame.filter(pl.col("score") >= MIN_BEST_SCORE)
    total = float(frame["own_value"].sum())
    has_referrals = graph.has_referral_data
    return message(
        "headline.rfm" if has_referrals else "headline.rfm-no-referrals",
        best=best.height,
        customers=frame.height,
        floor=MIN_BEST_SCORE,
        share=float(best["own_value"].sum()) / total if total > 0 else None,
        referrers=int((best["direct"] > 0).sum()),
        others=int((frame["direct"] > 0).sum()),
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )
