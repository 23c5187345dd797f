"""Who are our customers? Counts, value, referral share and tenure by sector, region, ownership, kind, tier or reason."""

from __future__ import annotations

from typing import Literal, get_args

import polars as pl

from refgraph.estimates.proportion import wilson_array
from refgraph.graphs.arrivals import arrived
from refgraph.graphs.groups import BLANK, Grouped, Sensitive, grouping, tellable
from refgraph.graphs.periods import basis, standing
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESC, analysis

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
YEAR = 365.25


@analysis(grain="segment", columns=COLUMNS, order=(("value", DESC), ("segment", False)), formulas=("M1",))
def segments(graph: Graph, *, by: Grouped = "sector", of: Literal["all", "key", "referred"] = "all") -> Answer:
    """Existing customers in total, disjoint groups by a field of theirs.

    of: all existing customers, only key accounts (rule ``[key_account]``), or only the referred. A blank cell is the
    group ``not_recorded``. years: from the first contract (else first order) to the as-of day, over customers whose day is
    known. The groups add up to the customers chosen, in number and value.
    """
    people = _people(graph, by).filter(pl.col("existing") & {"all": pl.lit(True), "key": pl.col("key"),
                                                             "referred": pl.col("referred")}[of])  # fmt: skip
    count = [pl.col(c).sum().cast(pl.Int64).alias(a) for c, a in (
        ("key", "key_accounts"), ("referred", "referred"), ("recommends", "recommenders"), ("over", "over_two_years"))]
    frame = people.group_by("segment").agg(
        pl.len().cast(pl.Int64).alias("customers"), pl.col("whole").sum(), *count,
        pl.col("years").mean().alias("years_mean"), pl.col("years").max().alias("years_longest"))
    total = float(frame["whole"].sum())
    low, high = wilson_array(frame["referred"].to_numpy(), frame["customers"].to_numpy())
    frame = frame.with_columns(
        value=pl.col("whole") / graph.value.scale, share_of_customers=pl.col("customers") / people.height,
        share_of_value=pl.col("whole") / total if total > 0 else pl.lit(None, pl.Float64),
        share=pl.col("referred") / pl.col("customers"), share_low=pl.Series(low), share_high=pl.Series(high),
        key_accounts="key_accounts" if graph.key_recorded else pl.lit(None, pl.Int64),
    ).select(c.name for c in COLUMNS).sort("value", "segment", descending=[True, False])  # fmt: skip
    return Answer(frame, _headline(graph, by, of, frame), tuple(_notes(graph, by, frame)))


def _people(graph: Graph, by: Grouped) -> pl.DataFrame:
    """By position: segment, existing, key, referred, recommends, value in whole units, years as a customer."""
    years = (pl.lit(graph.as_of, pl.Date) - pl.col("since")).dt.total_days() / YEAR
    return graph.parties.select(
        grouping(graph, by).alias("segment"), pl.col("key").fill_null(False), years.alias("years"),
        (years > 2).fill_null(False).alias("over"),
    ).with_columns(
        existing=pl.Series(graph.existing), referred=pl.Series(arrived(graph, ("customer", *graph.scope.count))),
        recommends=pl.Series(graph.flow.out_ptr[1:] > graph.flow.out_ptr[:-1]), whole=pl.Series(graph.value.whole),
    )  # fmt: skip


def _headline(graph: Graph, by: str, of: str, frame: pl.DataFrame) -> Message:
    customers = int(frame["customers"].sum())
    if not customers:
        return message("headline.segments-none", standing=standing(graph))
    named = frame.filter(pl.col("segment") != BLANK)
    best = (named if named.height else frame).row(0, named=True)
    known = frame.filter(pl.col("years_longest").is_not_null())
    tenure = message("phrase.tenure", over=int(frame["over_two_years"].sum()),
                     longest=float(known["years_longest"].to_numpy().max())) if known.height else message("phrase.no-tenure")
    return message("headline.segments", customers=customers, of=Label(f"of-{of}"), groups=frame.height, by=Label(f"by-{by}"),
                   segment=Label(best["segment"]), most=best["customers"], value=graph.value.amount(best["value"]),
                   tenure=tenure, basis=basis(graph), standing=standing(graph))


def _notes(graph: Graph, by: Grouped, frame: pl.DataFrame) -> list[Message]:
    if by == "key" and not graph.key_recorded:
        return [message("note.key-cannot-tell")]
    if by in ("account_tier", "key_by") and not tellable(graph, by):
        return [message("note.segments-no-orders", by=Label(f"by-{by}"))]
    if by in get_args(Sensitive) and not tellable(graph, by):
        return [message("note.sensitive", column=f"customers.{by}")]
    if not tellable(graph, by):
        return [message("note.column-not-recorded", column=by)]
    blank = int(frame.filter(pl.col("segment") == BLANK)["customers"].sum())
    return [message("note.segment-not-recorded", customers=blank, by=Label(f"by-{by}"))] if blank else []
