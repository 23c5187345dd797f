"""Who bought last, most often and most? Recency, frequency and monetary value, 1 to 5 each."""

from __future__ import annotations

import polars as pl

from refgraph.analyses.columns import make_empty_frame, select_columns
from refgraph.estimates.rank import quantile_scores
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESCENDING, analysis

COLUMNS = (
    Column("customer", Unit.ID, key="party_id", detail=True),
    Column("name", Unit.TEXT),
    Column("r", Unit.COUNT, "M24", key="rfm_r"),
    Column("f", Unit.COUNT, "M24", key="rfm_f"),
    Column("m", Unit.COUNT, "M24", key="rfm_m"),
    Column("score", Unit.COUNT, "M24", key="rfm_score"),
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
    return Answer(frame, _build_headline(graph, frame), notes)


def _build_rows(graph: Graph) -> pl.DataFrame:
    direct = pl.Series(graph.out_degree) if graph.has_referral_data else pl.lit(None, pl.Int64)
    customers = graph.parties.select(
        "place",
        customer="id",
        name=graph.names,
        own_value=pl.Series(graph.value.numbers),
        direct=direct,
    ).filter(pl.Series(graph.existing))
    frame = customers.join(_summarize_orders(graph), on="place", how="inner", maintain_order="left")
    age = pl.lit(graph.as_of, pl.Date) - pl.col("last_order")
    frame = frame.with_columns(days_since=age.dt.total_days())
    frame = frame.with_columns(
        r=_score(-frame["days_since"]), f=_score(frame["orders"]), m=_score(frame["own_value"])
    )
    frame = frame.with_columns(score=pl.sum_horizontal("r", "f", "m"))
    frame = frame.sort("score", "own_value", "customer", descending=[True, True, False])
    return select_columns(frame, COLUMNS)


def _score(figures: pl.Series) -> pl.Series:
    """Quintile of each figure, 1 to 5; 5 = highest."""
    return pl.Series(quantile_scores(figures.cast(pl.Float64).to_numpy()))


def _summarize_orders(graph: Graph) -> pl.DataFrame:
    """``place``, ``last_order`` and ``orders`` of all customers with an order in the window."""
    assert graph.orders is not None
    orders = graph.orders
    if graph.scope.since:
        orders = orders.filter(pl.col("at") >= graph.scope.since)
    if graph.scope.until:
        orders = orders.filter(pl.col("at") <= graph.scope.until)
    return orders.group_by(place="customer").agg(
        last_order=pl.col("at").max(), orders=pl.len().cast(pl.Int64)
    )


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
