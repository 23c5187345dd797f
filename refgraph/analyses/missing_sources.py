"""Which customers should be asked where they came from? Those without a known source."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.analyses.columns import select_columns
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures.member_lists import Following
from refgraph.measures.members import Members, number_parties
from refgraph.measures.own_cells import tally_cells
from refgraph.measures.referral_status import (
    compute_share_bounds,
    has_unknown_source,
    is_referred,
)
from refgraph.measures.tallies import build_columns, compute_ratio, measure_value, spread_total
from refgraph.model.graph import Bools, Graph, Longs
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Quantity, Tallies, Tally, Term
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


STILL_OPEN = ("open_share", "open_value_share")
"""Columns that depend on the order of the rows."""


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
    tallies = _compute_tallies(graph, is_open)
    frame = graph.parties.select("place", "name", "owner", customer="id").with_columns(
        **build_columns(tallies)
    )
    frame = frame.filter(pl.Series(is_open))
    order = frame.sort("narrows_value", "customer", descending=[True, False], nulls_last=True)
    tallies |= _tally_still_open(graph, order["place"].to_numpy())
    no_text = pl.lit(None, pl.String)
    frame = order.with_columns(
        **{name: tallies[name].to_series().gather(order["place"]) for name in STILL_OPEN},
        referred_by=no_text,
        source=no_text,
    )
    frame = select_columns(frame, COLUMNS)
    notes = tuple(_build_notes(graph, frame))
    opened = Tallies(tallies, order["place"].to_numpy())
    return Answer(frame, _build_headline(graph, is_open, frame), notes, opened)


def _compute_tallies(graph: Graph, is_open: Bools) -> dict[str, Tally]:
    """What the answer of each customer alone would do."""
    own = number_parties(len(graph))
    customers, value = _tally_wholes(graph)
    return {
        "since": tally_cells(graph.parties["since"]),
        "value": own.add_up(measure_value(graph)),
        "narrows": compute_ratio(own.count(is_open), customers),
        "narrows_value": compute_ratio(own.add_up(_measure_size(graph), is_open), value),
    }


def _tally_wholes(graph: Graph) -> tuple[Tally, Tally]:
    """All existing customers and their value; unknown without a column of sources."""
    group = np.where(graph.existing, np.arange(len(graph)), -1)
    existing = Members("customers", group, len(graph))
    has_bounds = graph.has("customers.source")
    wholes = existing.count(), existing.add_up(measure_value(graph))
    customers, value = (spread_total(whole).keep_known(has_bounds) for whole in wholes)
    return customers, value


def _measure_size(graph: Graph) -> Quantity:
    """The value of each party without its sign."""
    value = measure_value(graph)
    if not (value.scaled < 0).any():
        return value
    return Quantity(scaled=np.abs(value.scaled), scale=value.scale)


def _tally_still_open(graph: Graph, order: Longs) -> dict[str, Tally]:
    """How wide the bounds are after the answer of each customer and of all before it, by party."""
    place = np.full(len(graph), -1, np.int64)
    place[order] = np.arange(len(order))
    after = Following(order.astype(np.int64), place)
    size = _measure_size(graph)
    left = np.zeros(len(graph), np.int64), np.zeros(len(graph))
    left[0][order] = np.arange(len(order))[::-1]
    weight = size.scaled[order]
    left[1][order] = weight.sum() - np.cumsum(weight)
    customers, value = _tally_wholes(graph)
    count = Tally(method="count", numbers=left[0], terms=(Term(members=after),))
    worth = Tally(
        method="sum",
        numbers=left[1] / size.scale,
        scaled=left[1],
        scale=size.scale,
        terms=(Term(members=after, quantity=size),),
    )
    return {
        "open_share": compute_ratio(count, customers),
        "open_value_share": compute_ratio(worth, value),
    }


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
    assert bounds.low and bounds.high
    return message(
        "headline.missing-sources",
        asked=frame.height,
        customers=n,
        low=bounds.low.get_number(),
        high=bounds.high.get_number(),
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
