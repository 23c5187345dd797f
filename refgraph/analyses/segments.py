"""Who are our customers? Counts, value, referral share and tenure by a field of theirs."""

from __future__ import annotations

from typing import Literal, get_args

import polars as pl

from refgraph.analyses.columns import select_columns
from refgraph.estimates.proportion import wilson_array
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
from refgraph.measures.referral_status import is_referred
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, message
from refgraph.model.result import Answer, Column
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
    customers = _select_customers(graph, by, of)
    frame = customers.group_by("segment").agg(
        pl.len().cast(pl.Int64).alias("customers"),
        pl.col("scaled").sum(),
        _count("is_key").alias("key_accounts"),
        _count("is_referred").alias("referred"),
        _count("is_recommender").alias("recommenders"),
        pl.col("years").mean().alias("years_mean"),
        pl.col("years").max().alias("years_longest"),
        _count("is_long_customer").alias("over_two_years"),
    )
    total = float(frame["scaled"].sum())
    unknown = pl.lit(None, pl.Float64)
    low, high = wilson_array(frame["referred"].to_numpy(), frame["customers"].to_numpy())
    frame = frame.with_columns(
        value=pl.col("scaled") / graph.value.scale,
        share_of_customers=pl.col("customers") / customers.height,
        share_of_value=pl.col("scaled") / total if total > 0 else unknown,
        share=pl.col("referred") / pl.col("customers"),
        share_low=pl.Series(low),
        share_high=pl.Series(high),
        key_accounts="key_accounts" if graph.is_key_account_known else pl.lit(None, pl.Int64),
    )
    frame = select_columns(frame, COLUMNS).sort("value", "segment", descending=[True, False])
    headline = _build_headline(graph, by, of, frame)
    return Answer(frame, headline, tuple(_build_notes(graph, by, frame)))


def _select_customers(graph: Graph, by: GroupingField, of: CustomerFilter) -> pl.DataFrame:
    """One row per customer chosen: its segment and what is counted of it."""
    years = (pl.lit(graph.as_of, pl.Date) - pl.col("since")).dt.total_days() / YEAR
    parties = graph.parties.select(
        segment=group_parties(graph, by),
        years=years,
        is_key=pl.col("key").fill_null(False),
        is_long_customer=(years > MIN_LONG_TENURE).fill_null(False),
    )
    parties = parties.with_columns(
        is_referred=pl.Series(is_referred(graph, ("customer", *graph.scope.count))),
        is_recommender=pl.Series(graph.out_degree > 0),
        scaled=pl.Series(graph.value.scaled),
    )
    customers = parties.filter(pl.Series(graph.existing))
    if of == "key":
        return customers.filter("is_key")
    return customers.filter("is_referred") if of == "referred" else customers


def _count(mask: str) -> pl.Expr:
    return pl.col(mask).sum().cast(pl.Int64)


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
