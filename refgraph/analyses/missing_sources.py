"""Which customers should be asked where they came from? Those without a known source."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.analyses.columns import select_columns
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures.referral_status import (
    compute_share_bounds,
    has_unknown_source,
    is_referred,
)
from refgraph.model.graph import Bools, Graph
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESCENDING, analysis

COLUMNS = (
    Column("customer", Unit.ID),
    Column("name", Unit.TEXT),
    Column("owner", Unit.TEXT),
    Column("since", Unit.DATE),
    Column("value", Unit.VALUE, key="own_value"),
    Column("narrows", Unit.POINTS, "M62"),
    Column("narrows_value", Unit.POINTS, "M62"),
    Column("open_share", Unit.POINTS, "M62", detail=True),
    Column("open_value_share", Unit.POINTS, "M62", detail=True),
    Column("referred_by", Unit.TEXT),
    Column("source", Unit.TEXT, key="source_answer"),
)


@analysis(
    grain="customer",
    columns=COLUMNS,
    order=(("narrows_value", DESCENDING), ("customer", False)),
    formulas=("M2", "M62"),
)
def missing_sources(graph: Graph) -> Answer:
    """Existing customers without a recorded referral or source (U of M2), most informative first.

    Whatever the answer is, it narrows the bounds of the referral share by 1/n (``narrows``) and
    those of the value share by abs(value)/total (``narrows_value``; null if the total value is 0
    or less). open_share, open_value_share: width left after this answer and all above it. Without a
    source column there are no bounds, and all four are null. The last two columns are to be filled
    in: ``referred_by`` with an id or a name, or ``source``; ``--customers-patch`` reads them back.
    """
    is_referred_anyhow = is_referred(graph, ("customer", *graph.scope.count))
    is_open = has_unknown_source(graph) & graph.existing & ~is_referred_anyhow
    has_bounds = graph.has("customers.source")
    n = int(graph.existing.sum()) if has_bounds else 0
    total = float(graph.value.scaled[graph.existing].sum()) if has_bounds else 0.0
    weight = np.abs(graph.value.scaled)
    frame = graph.parties.select(
        "name",
        "owner",
        "since",
        customer="id",
        value=pl.Series(graph.value.numbers),
        weight=pl.Series(weight),
        narrows_value=_divide_by_total(weight, total),
    ).filter(pl.Series(is_open))
    frame = frame.sort("narrows_value", "customer", descending=[True, False], nulls_last=True)

    weight = frame["weight"].to_numpy()
    still_open = np.arange(frame.height)[::-1]
    still_open_weight = weight.sum() - np.cumsum(weight)
    no_text = pl.lit(None, pl.String)
    frame = frame.with_columns(
        narrows=_divide_by_total(np.ones(frame.height), n),
        open_share=_divide_by_total(still_open, n),
        open_value_share=_divide_by_total(still_open_weight, total),
        referred_by=no_text,
        source=no_text,
    )
    return Answer(
        select_columns(frame, COLUMNS),
        _build_headline(graph, is_open, frame),
        tuple(_build_notes(graph, frame)),
    )


def _divide_by_total(numbers: np.ndarray, total: float) -> pl.Series:
    """Shares of a total; null unless it is above 0."""
    if total > 0:
        return pl.Series(numbers / total)
    return pl.Series([None] * len(numbers), dtype=pl.Float64)


def _build_headline(graph: Graph, is_open: Bools, frame: pl.DataFrame) -> Message:
    n, standing = int(graph.existing.sum()), as_of_phrase(graph)
    if not frame.height:
        return message("headline.missing-sources-none", customers=n, standing=standing)
    if not graph.has("customers.source"):
        return message(
            "headline.missing-sources-unbounded", asked=frame.height, customers=n, standing=standing
        )
    kinds = ("customer", *graph.scope.count)
    referred = is_referred(graph, kinds) & graph.existing
    bounds = compute_share_bounds(graph, kinds)
    return message(
        "headline.missing-sources",
        asked=frame.height,
        customers=n,
        low=bounds.low,
        high=bounds.high,
        worth=_describe_value_bounds(graph, referred, is_open, frame),
        standing=standing,
    )


def _describe_value_bounds(
    graph: Graph, referred: Bools, is_open: Bools, frame: pl.DataFrame
) -> Message:
    """Bounds of the value share, and how many answers halve the distance between them."""
    scaled = graph.value.scaled
    total = float(scaled[graph.existing].sum())
    if graph.value.basis == "customers":
        return message("headline.effect-no-value")
    if total <= 0:
        amount, basis = graph.value.amount(total / graph.value.scale), value_basis_phrase(graph)
        return message("headline.effect-value-undefined", total=amount, basis=basis)
    referred_value = float(scaled[referred].sum())
    open_values = scaled[is_open]
    lowest = referred_value + float(np.minimum(open_values, 0).sum())
    highest = referred_value + float(np.maximum(open_values, 0).sum())
    width = float(np.abs(open_values).sum()) / total
    answers_to_half = int((frame["open_value_share"] > width / 2).sum()) + 1
    return message(
        "headline.missing-sources-worth",
        low=lowest / total,
        high=highest / total,
        half=min(answers_to_half, frame.height),
        basis=value_basis_phrase(graph),
    )


def _build_notes(graph: Graph, frame: pl.DataFrame) -> list[Message]:
    notes = []
    if not graph.has("customers.source"):
        notes.append(message("note.no-source"))
    if frame.height:
        notes.append(message("note.missing-sources-fill"))
    return notes
