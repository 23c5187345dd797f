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
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures.calendar import YEAR
from refgraph.measures.channel_assignment import ChannelField, assign_channels
from refgraph.measures.channels import (
    UNSPECIFIED,
    measure_profit_and_revenue,
    read_contacts_per_person,
)
from refgraph.measures.conversion import is_lost, list_outcome_notes, tally_conversion
from refgraph.measures.groups import SensitiveField
from refgraph.measures.members import Members, group_by_word
from refgraph.measures.referral_status import is_referred
from refgraph.measures.tallies import (
    build_columns,
    build_share,
    compute_ratio,
    compute_share_of_all,
    make_unknown,
    measure_value,
    spread_total,
)
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Quantity, Tallies, Tally
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
    Column("difference", Unit.POINTS, "M28", key="conversion_difference", closed="estimate"),
    Column(
        "difference_low",
        Unit.POINTS,
        "M28",
        key="conversion_difference_low",
        detail=True,
        closed="estimate",
    ),
    Column(
        "difference_high",
        Unit.POINTS,
        "M28",
        key="conversion_difference_high",
        detail=True,
        closed="estimate",
    ),
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
    is_customer = (graph.parties["role"] == "customer").to_numpy()
    is_customer &= ~graph.parties["stage"].is_in(["void", "unknown"]).to_numpy()
    names, members = group_by_word("customers", assign_channels(graph, by), is_customer)
    tallies = _compute_tallies(graph, members)
    frame = pl.DataFrame({"channel": names, **build_columns(tallies)}).with_row_index("group")
    is_used = pl.col("customers") + pl.col("closed") + pl.col("lost").fill_null(0) > 0
    frame = frame.filter(is_used).sort("customers", "channel", descending=[True, False])
    group = frame["group"].to_numpy()
    channel = names.gather(pl.Series(members.group).replace(-1, None)).alias("channel")
    channels = pl.DataFrame({"party": np.arange(len(graph)), "channel": channel})
    compared = compare_channels(graph, channels, frame["channel"], by)
    frame = select_columns(pl.concat([frame, compared.frame], how="horizontal"), COLUMNS)
    notes = [*_note_missing_column(graph, by), *note_comparison(graph, by, compared.comparisons)]
    notes += _build_notes(graph, by, frame, channels)
    opened = Tallies(tallies, group)
    return Answer(frame, _build_headline(graph, by, frame), tuple(notes), opened)


def _compute_tallies(graph: Graph, members: Members) -> dict[str, Tally]:
    """The figures of each channel."""
    existing = graph.existing
    years = (pl.lit(graph.as_of, pl.Date) - pl.col("since")).dt.total_days() / YEAR
    tenure = graph.parties.select(years.alias("years"))["years"]
    is_dated = existing & tenure.is_not_null().to_numpy()
    total_years = members.add_up(Quantity(scaled=tenure.fill_null(0.0).to_numpy()), is_dated)
    customers, value = members.count(existing), members.add_up(measure_value(graph), existing)
    closed, lost = members.count(graph.customers), members.count(is_lost(graph))
    lost = lost.keep_known(not graph.undated_lost)
    margin = make_unknown(members.groups)
    amounts = measure_profit_and_revenue(graph)
    if amounts is not None:
        margin = compute_ratio(*(members.add_up(amount, existing) for amount in amounts))
    return {
        "customers": customers,
        **build_share(customers, spread_total(customers)),
        "value": value,
        "share_of_value": compute_share_of_all(value),
        "margin": margin,
        "years_mean": compute_ratio(total_years, members.count(is_dated)),
        "closed": closed,
        "lost": lost,
        "conversion": tally_conversion(graph, closed, lost)["conversion"],
    }


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
