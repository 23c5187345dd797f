"""Who are our customers? Counts, value, referral share and tenure by a field of theirs."""

from __future__ import annotations

from typing import Literal, get_args

import polars as pl

from refgraph.analyses.columns import select_columns
from refgraph.graph.phrases import as_of_phrase, note_key_account_rule, value_basis_phrase
from refgraph.measures.calendar import YEAR
from refgraph.measures.groups import (
    NOT_RECORDED,
    AccountField,
    GroupingField,
    SensitiveField,
    group_parties,
    is_field_recorded,
)
from refgraph.measures.members import Members, group_by_word
from refgraph.measures.referral_status import is_referred
from refgraph.measures.tallies import (
    build_columns,
    build_share,
    compute_ratio,
    compute_share_of_all,
    measure_value,
)
from refgraph.model.graph import Bools, Graph
from refgraph.model.message import Label, Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Quantity, Tallies, Tally
from refgraph.model.units import Unit
from refgraph.registry import DESCENDING, analysis

COLUMNS = (
    Column("segment", Unit.LABEL),
    Column("customers", Unit.COUNT),
    Column("share_of_customers", Unit.SHARE),
    Column("value", Unit.VALUE),
    Column("share_of_value", Unit.SHARE, key="segment_value_share"),
    Column("key_accounts", Unit.COUNT),
    Column("referred", Unit.COUNT, "M1"),
    Column("share", Unit.SHARE, "M1"),
    Column("share_low", Unit.SHARE, "M1", detail=True),
    Column("share_high", Unit.SHARE, "M1", detail=True),
    Column("recommenders", Unit.COUNT, key="segment_recommenders"),
    Column("years_mean", Unit.RATIO),
    Column("years_longest", Unit.RATIO, detail=True),
    Column("over_two_years", Unit.COUNT, detail=True),
)


CustomerFilter = Literal["all", "key", "referred"]
MIN_LONG_TENURE = 2.0
"""Years; customers beyond are counted in ``over_two_years``."""


@analysis(
    grain="segment",
    columns=COLUMNS,
    order=(("value", DESCENDING), ("segment", False)),
    formulas=("M1",),
)
def segments(graph: Graph, *, by: GroupingField = "sector", of: CustomerFilter = "all") -> Answer:
    """Existing customers in complete, disjoint groups by a field; a blank cell is ``not_recorded``.

    of: all existing customers, key accounts only (rule ``[key_account]``), or the referred only.
    years: from the first contract, else the first order, to the as-of date, over the customers for
    which it is known.
    """
    names, members = group_by_word(
        "customers", group_parties(graph, by), _select_customers(graph, of)
    )
    tallies = _compute_tallies(graph, members)
    frame = pl.DataFrame({"segment": names, **build_columns(tallies)}).with_row_index("group")
    frame = frame.sort("value", "segment", descending=[True, False])
    opened = Tallies(tallies, frame["group"].to_numpy())
    frame = select_columns(frame, COLUMNS)
    headline = _build_headline(graph, by, of, frame)
    return Answer(frame, headline, tuple(_build_notes(graph, by, frame)), opened)


def _select_customers(graph: Graph, of: CustomerFilter) -> Bools:
    """bool[n]: the existing customers chosen."""
    if of == "key":
        is_key: Bools = graph.parties["key"].fill_null(False).to_numpy()
        return graph.existing & is_key
    if of == "referred":
        return graph.existing & is_referred(graph, ("customer", *graph.scope.count))
    return graph.existing


def _compute_tallies(graph: Graph, members: Members) -> dict[str, Tally]:
    """The figures of each segment."""
    years = (pl.lit(graph.as_of, pl.Date) - pl.col("since")).dt.total_days() / YEAR
    tenure = graph.parties.select(years.alias("years"))["years"]
    is_dated = tenure.is_not_null().to_numpy()
    years_as_customer = Quantity(scaled=tenure.fill_null(0.0).to_numpy())
    customers, value = members.count(), members.add_up(measure_value(graph))
    referred = members.count(is_referred(graph, ("customer", *graph.scope.count)))
    is_key = graph.parties["key"].fill_null(False).to_numpy()
    mean = compute_ratio(members.add_up(years_as_customer, is_dated), members.count(is_dated))
    return {
        "customers": customers,
        "share_of_customers": compute_share_of_all(customers),
        "value": value,
        "share_of_value": compute_share_of_all(value),
        "key_accounts": members.count(is_key).keep_known(graph.is_key_account_known),
        "referred": referred,
        **build_share(referred, customers),
        "recommenders": members.count(graph.out_degree > 0),
        "years_mean": mean,
        "years_longest": members.find_extreme("greatest", years_as_customer, is_dated),
        "over_two_years": members.count(is_dated & (years_as_customer.scaled > MIN_LONG_TENURE)),
    }


def _build_headline(
    graph: Graph, by: GroupingField, of: CustomerFilter, frame: pl.DataFrame
) -> Message:
    customers = int(frame["customers"].sum())
    if of == "key" and not graph.is_key_account_known:
        field = Label("field-key")
        return message("headline.flows-cannot-tell", field=field, standing=as_of_phrase(graph))
    if not customers:
        return message("headline.segments-none", standing=as_of_phrase(graph))
    recorded = frame.filter(pl.col("segment") != NOT_RECORDED)
    largest = (recorded if recorded.height else frame).row(0, named=True)
    longest = frame["years_longest"].drop_nulls()
    tenure = message("phrase.no-tenure")
    if longest.len():
        over = int(frame["over_two_years"].sum())
        tenure = message("phrase.tenure", over=over, longest=float(longest.to_numpy().max()))
    return message(
        "headline.segments",
        customers=customers,
        of=message(f"phrase.segments-of-{of}", customers=customers),
        groups=frame.height,
        by=Label(f"by-{by}"),
        segment=Label(largest["segment"]),
        most=largest["customers"],
        value=graph.value.amount(largest["value"]),
        tenure=tenure,
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )


def _build_notes(graph: Graph, by: GroupingField, frame: pl.DataFrame) -> list[Message]:
    key_rule = note_key_account_rule(graph)
    if not is_field_recorded(graph, by):
        return [key_rule] if by == "key" else [_note_missing_field(by), key_rule]
    blank = frame.filter(pl.col("segment") == NOT_RECORDED)
    customers = int(blank["customers"].sum())
    if not customers:
        return [key_rule]
    not_recorded = message("note.segment-not-recorded", customers=customers, by=Label(f"by-{by}"))
    return [not_recorded, key_rule]


def _note_missing_field(by: GroupingField) -> Message:
    """Why all customers are in one group."""
    if by in get_args(AccountField):
        return message("note.segments-no-orders", by=Label(f"by-{by}"))
    if by in get_args(SensitiveField):
        return message("note.sensitive", column=f"customers.{by}")
    return message("note.column-not-recorded", column=f"customers.{by}")
