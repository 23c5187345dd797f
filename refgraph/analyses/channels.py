"""Through which channels do customers come, and which convert better than our own sales?"""

from __future__ import annotations

from typing import get_args

import numpy as np
import polars as pl

from refgraph.analyses.channel_comparison import (
    NOT_CHANNELS,
    compare_channels,
    note_comparison,
    note_key_or_old,
)
from refgraph.analyses.columns import select_columns
from refgraph.estimates.proportion import wilson_array
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures.calendar import YEAR
from refgraph.measures.channel_assignment import ChannelField, assign_channels
from refgraph.measures.channels import (
    UNSPECIFIED,
    read_contacts_per_person,
    sum_profit_and_revenue,
)
from refgraph.measures.conversion import (
    blank_unknown,
    compute_conversion,
    is_lost,
    list_outcome_notes,
)
from refgraph.measures.groups import SensitiveField
from refgraph.measures.referral_status import is_referred
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESCENDING, analysis

COLUMNS = (
    Column("channel", Unit.LABEL, "M11"),
    Column("customers", Unit.COUNT, "M11"),
    Column("share", Unit.SHARE, "M11", key="channel_share"),
    Column("share_low", Unit.SHARE, "M11", detail=True),
    Column("share_high", Unit.SHARE, "M11", detail=True),
    Column("value", Unit.VALUE, key="channel_value"),
    Column("share_of_value", Unit.SHARE, key="channel_value_share"),
    Column("margin", Unit.SHARE, key="channel_margin"),
    Column("years_mean", Unit.RATIO),
    Column("closed", Unit.COUNT, key="channel_closed", detail=True),
    Column("lost", Unit.COUNT, key="channel_lost", detail=True),
    Column("conversion", Unit.SHARE),
    Column("difference", Unit.POINTS, "M28", key="conversion_difference"),
    Column("difference_low", Unit.POINTS, "M28", key="conversion_difference_low", detail=True),
    Column("difference_high", Unit.POINTS, "M28", key="conversion_difference_high", detail=True),
    Column("above_chance", Unit.LABEL, key="channel_above_chance"),
)


@analysis(
    grain="channel",
    columns=COLUMNS,
    order=(("customers", DESCENDING), ("channel", False)),
    formulas=("M11", "M28"),
)
def channels(graph: Graph, *, by: ChannelField = "family") -> Answer:
    """Existing customers by channel; the channels are disjoint and complete.

    by: family or method of the source column; source: the column as it is; tie: of the primary
    referral; through: kind of the referrers; religion, politics: read only with ``--sensitive``.

    share: of the existing customers, with Wilson's interval. margin: profit / revenue of existing
    customers. conversion: closed / (closed + lost) over all parties of role customer, former ones
    included. difference: from own sales (by tie, religion, politics: from all other channels), by
    M28 as in funnel: only where both sides have losses and are recorded before they close; the last
    is not asked by tie, religion and politics. above_chance: Fisher's exact test on the effective
    numbers, Benjamini-Hochberg 5 % over the channels compared.
    """
    customers = _classify_customers(graph, by)
    frame = (
        customers.group_by("channel")
        .agg(
            pl.col("existing").sum().cast(pl.Int64).alias("customers"),
            pl.col("scaled", "profit", "revenue").sum(),
            pl.col("years").mean().alias("years_mean"),
            pl.col("closed", "lost").sum().cast(pl.Int64),
        )
        .filter(pl.col("customers") + pl.col("lost") + pl.col("closed") > 0)
        .sort("customers", "channel", descending=[True, False])
    )
    total, n = float(frame["scaled"].sum()), int(frame["customers"].sum())
    unknown = pl.lit(None, pl.Float64)
    low, high = wilson_array(frame["customers"].to_numpy(), np.full(frame.height, n))
    conversion = compute_conversion(graph, frame["closed"].to_numpy(), frame["lost"].to_numpy())
    margin = pl.col("profit") / pl.col("revenue")
    frame = frame.with_columns(
        value=pl.col("scaled") / graph.value.scale,
        share=pl.col("customers") / n if n else unknown,
        share_low=pl.Series(low, nan_to_null=True),
        share_high=pl.Series(high, nan_to_null=True),
        share_of_value=pl.col("scaled") / total if total > 0 else unknown,
        margin=pl.when(pl.col("revenue") > 0).then(margin),
        lost=blank_unknown(graph, frame["lost"].to_numpy()),
        conversion=pl.Series(conversion.share, nan_to_null=True),
    )
    channels = customers.select("party", "channel")
    compared = compare_channels(graph, channels, frame["channel"], by)
    frame = select_columns(pl.concat([frame, compared.frame], how="horizontal"), COLUMNS)
    notes = [*_note_missing_column(graph, by), *note_comparison(graph, by, compared.comparisons)]
    notes += _build_notes(graph, by, frame, channels)
    return Answer(frame, _build_headline(graph, by, frame), tuple(notes))


def _classify_customers(graph: Graph, by: ChannelField) -> pl.DataFrame:
    """Parties of role customer, without void ones: channel, outcome, value and years."""
    years = (pl.lit(graph.as_of, pl.Date) - pl.col("since")).dt.total_days() / YEAR
    parties = graph.parties.select(
        "role",
        "stage",
        party=pl.int_range(pl.len(), dtype=pl.Int64),
        channel=assign_channels(graph, by),
        existing=pl.Series(graph.existing),
        closed=pl.Series(graph.customers),
        lost=pl.Series(is_lost(graph)),
        scaled=pl.Series(np.where(graph.existing, graph.value.scaled, 0.0)),
        **_read_profit_and_revenue(graph),
        years=pl.when(pl.Series(graph.existing)).then(years),
    )
    return parties.filter(
        (pl.col("role") == "customer") & ~pl.col("stage").is_in(["void", "unknown"])
    )


def _read_profit_and_revenue(graph: Graph) -> dict[str, pl.Series | pl.Expr]:
    """Profit and revenue of the existing customers; null if they are not recorded."""
    amounts = sum_profit_and_revenue(graph)
    if amounts is None:
        unknown = pl.lit(None, pl.Float64)
        return {"profit": unknown, "revenue": unknown}
    profit, revenue = (pl.Series(np.where(graph.existing, x, 0.0)) for x in amounts)
    return {"profit": profit, "revenue": revenue}


def _build_headline(graph: Graph, by: ChannelField, frame: pl.DataFrame) -> Message:
    named = frame.filter(~pl.col("channel").is_in(NOT_CHANNELS) & (pl.col("customers") > 0))
    if not named.height:
        return message("headline.channels-none", by=Label(f"by-{by}"), standing=as_of_phrase(graph))
    largest = named.row(0, named=True)
    return message(
        "headline.channels",
        channels=named.height,
        customers=int(frame["customers"].sum()),
        named=int(named["customers"].sum()),
        by=Label(f"by-{by}"),
        channel=Label(largest["channel"]),
        most=largest["customers"],
        share=largest["share"],
        low=largest["share_low"],
        high=largest["share_high"],
        value=graph.value.amount(largest["value"]),
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )


def _build_notes(
    graph: Graph, by: ChannelField, frame: pl.DataFrame, channels: pl.DataFrame
) -> list[Message]:
    """channels: ``party`` and ``channel``."""
    notes = list_outcome_notes(graph)
    unspecified = int(frame.filter(pl.col("channel") == UNSPECIFIED)["customers"].sum())
    if unspecified:
        notes.append(message("note.channel-not-told", customers=unspecified, by=Label(f"by-{by}")))
    if by == "through":
        notes += note_key_or_old(graph, channels)
    customers = int(graph.existing.sum())
    if by == "family" and customers:
        contacts = read_contacts_per_person(graph)
        notes.append(
            message(
                "note.law-of-250",
                each=contacts,
                customers=customers,
                reach=contacts * customers,
                referred=int(is_referred(graph, ("customer",)).sum()),
            )
        )
    return notes


def _note_missing_column(graph: Graph, by: ChannelField) -> list[Message]:
    """The column that the definition needs, if it is not recorded."""
    if by == "tie":
        column, note = "referrals.tie", "note.channels-cannot-tell"
    elif by in get_args(SensitiveField):
        column, note = f"customers.{by}", "note.sensitive"
    else:
        column, note = "customers.source", "note.channels-cannot-tell"
    return [] if graph.has(column) else [message(note, column=column)]
