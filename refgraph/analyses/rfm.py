"""Who bought last, most often and most? Recency, frequency and monetary value, scored 1 to 5."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.estimates.rank import quantile_scores
from refgraph.graphs.periods import basis, standing
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESC, analysis

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
BEST = 13


@analysis(grain="party", columns=COLUMNS, formulas=("M24",),
          order=(("score", DESC), ("own_value", DESC), ("customer", False)))  # fmt: skip
def rfm(graph: Graph) -> Answer:
    """Existing customers with an order in the window (``--since``, ``--until``), by the sum of their three scores.

    A score is the fifth of these customers in which one stands, 5 = latest, most often, most; equals share a score.
    """
    if graph.orders is None or graph.value.basis == "customers":
        lacks = [*(["orders"] if graph.orders is None else []),
                 *(["revenue / profit / volume"] if graph.value.basis == "customers" else [])]  # fmt: skip
        return Answer(_empty(), message("headline.rfm-cannot-tell", missing=lacks, standing=standing(graph)))
    frame = _rows(graph)
    silent = int(graph.existing.sum()) - frame.height
    notes = (message("note.rfm-silent", customers=silent),) if silent else ()
    return Answer(frame, _headline(graph, frame), notes)


def _empty() -> pl.DataFrame:
    kinds = {Unit.VALUE: pl.Float64, Unit.COUNT: pl.Int64, Unit.DAYS: pl.Int64, Unit.DATE: pl.Date}
    return pl.DataFrame(schema={c.name: kinds.get(c.unit, pl.String) for c in COLUMNS})


def _rows(graph: Graph) -> pl.DataFrame:
    people = graph.parties.select("place", customer="id", name=graph.names).with_columns(
        own_value=pl.Series(graph.value.numbers), direct=pl.Series(np.diff(graph.flow.out_ptr)))
    frame = people.filter(pl.Series(graph.existing)).join(_bought(graph), on="place", how="inner", maintain_order="left")
    frame = frame.with_columns(days_since=(pl.lit(graph.as_of, pl.Date) - pl.col("last_order")).dt.total_days())
    scores = {"r": -frame["days_since"], "f": frame["orders"], "m": frame["own_value"]}
    frame = frame.with_columns(pl.Series(k, quantile_scores(x.cast(pl.Float64).to_numpy())) for k, x in scores.items())
    frame = frame.with_columns(score=pl.sum_horizontal("r", "f", "m"))
    return frame.sort("score", "own_value", "customer", descending=[True, True, False]).select(c.name for c in COLUMNS)


def _bought(graph: Graph) -> pl.DataFrame:
    """``place``, ``last_order``, ``orders`` of everyone with an order in the window."""
    assert graph.orders is not None
    orders = graph.orders
    if graph.scope.since:
        orders = orders.filter(pl.col("at") >= graph.scope.since)
    if graph.scope.until:
        orders = orders.filter(pl.col("at") <= graph.scope.until)
    return orders.group_by(place="customer").agg(last_order=pl.col("at").max(), orders=pl.len().cast(pl.Int64))


def _headline(graph: Graph, frame: pl.DataFrame) -> Message:
    if not frame.height:
        return message("headline.rfm-none", standing=standing(graph))
    best = frame.filter(pl.col("score") >= BEST)
    total = float(frame["own_value"].sum())
    return message(
        "headline.rfm", best=best.height, customers=frame.height, floor=BEST,
        share=float(best["own_value"].sum()) / total if total > 0 else None, referrers=int((best["direct"] > 0).sum()),
        others=int((frame["direct"] > 0).sum()), basis=basis(graph), standing=standing(graph),
    )  # fmt: skip
