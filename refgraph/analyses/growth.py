"""How many customers and how much value came by referral, year by year?"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from refgraph.analyses.columns import make_empty_frame
from refgraph.analyses.growth_value import (
    has_earned_growth,
    join_years,
    tally_earned_growth,
    tally_sales,
)
from refgraph.estimates.proportion import wilson
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures import calendar
from refgraph.measures.calendar import MAX_DAY, MIN_DAY, to_calendar_years
from refgraph.measures.members import Members
from refgraph.measures.own_cells import make_whole
from refgraph.measures.referral_status import has_unknown_source, is_referred
from refgraph.measures.spans import SpanMembers
from refgraph.measures.tallies import build_columns, build_share, compute_ratio
from refgraph.model.graph import Bools, Graph, Ints, Longs
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Quantity, Tallies, Tally
from refgraph.model.units import Unit
from refgraph.registry import DESCENDING, analysis

COLUMNS = (
    Column("year", Unit.ID),
    Column("new_customers", Unit.COUNT),
    Column("by_referral", Unit.COUNT, "M1"),
    Column("other_ways", Unit.COUNT),
    Column("no_source", Unit.COUNT, "M2", detail=True),
    Column("new_share", Unit.SHARE, "M1"),
    Column("new_share_low", Unit.SHARE, "M1", detail=True),
    Column("new_share_high", Unit.SHARE, "M1", detail=True),
    Column("leaving", Unit.COUNT, detail=True),
    Column("customers_end", Unit.COUNT),
    Column("value", Unit.VALUE, key="year_value"),
    Column("referred_value", Unit.VALUE, key="year_referred_value", detail=True),
    Column("value_share", Unit.SHARE, key="year_value_share"),
    Column("referrals", Unit.COUNT, key="year_referrals", detail=True),
    Column("bring_new", Unit.RATIO, "M8", detail=True),
    Column("participation", Unit.SHARE, "M7", detail=True),
    Column("tree_size", Unit.RATIO, "M3", detail=True),
    Column("generations", Unit.DEPTH, key="year_generations", detail=True),
    Column("retention", Unit.SHARE, "M9", detail=True),
    Column("earned_new", Unit.SHARE, "M9", detail=True),
    Column("earned_growth", Unit.SHARE, "M9", detail=True),
    Column("earned_growth_low", Unit.SHARE, "M9", detail=True, inputs=True),
    Column("earned_growth_high", Unit.SHARE, "M9", detail=True, inputs=True),
)


@analysis(
    grain="year",
    columns=COLUMNS,
    order=(("year", DESCENDING),),
    formulas=("M1", "M3", "M7", "M8", "M9"),
)
def growth(graph: Graph) -> Answer:
    """One row per calendar year from the first date to the as-of date, newest first.

    new_customers = by_referral + other_ways + no_source: first contract in the year. Former
    customers are included: leaving later does not undo that they joined. Stock columns
    (customers_end, participation, tree_size, generations) hold at the end of the year, or on the
    as-of date. bring_new = referrals dated in the year / customers at its start. Earned growth is
    given only where orders cover this year and the one before.
    """
    years = calendar.list_years(graph)
    frame, opened = make_empty_frame(COLUMNS), Tallies({})
    if len(years):
        tallies = {
            **_count_new_customers(graph, years),
            **_compute_stock(graph, years),
            **tally_sales(graph, years),
            **tally_earned_growth(graph, years),
        }
        columns = {"year": years.astype(str), **build_columns(tallies)}
        frame = pl.DataFrame(
            {c.name: columns[c.name] for c in COLUMNS}, schema=frame.schema, strict=False
        )
        opened = Tallies(tallies, np.arange(len(years))[::-1])
    frame = frame.with_columns(pl.col(pl.Float64).fill_nan(None)).reverse()
    notes = tuple(_build_notes(graph, years))
    return Answer(frame, _build_headline(graph, frame), notes, opened)


def _number_years(year: Longs, years: Longs, mask: Bools) -> Longs:
    """The number of each year in the list; -1 for others and outside the mask."""
    is_counted = mask & (year >= years[0]) & (year <= years[-1])
    return np.where(is_counted, year - years[0], -1)


def _count_new_customers(graph: Graph, years: Longs) -> dict[str, Tally]:
    """Columns of new customers by how they came."""
    joining_year = to_calendar_years(calendar.compute_membership(graph).joined)
    referred = is_referred(graph, ("customer", *graph.scope.count))
    members = Members("customers", _number_years(joining_year, years, graph.customers), len(years))
    new, by_referral = members.count(), members.count(referred)
    has_sources = graph.has("customers.source")
    is_unknown = ~referred & has_unknown_source(graph) & has_sources
    return {
        "new_customers": new,
        "by_referral": by_referral,
        "other_ways": members.count(~referred & ~is_unknown),
        "no_source": members.count(is_unknown).keep_known(has_sources),
        **build_share(by_referral, new, "new_share"),
    }


def _compute_stock(graph: Graph, years: Longs) -> dict[str, Tally]:
    """Columns of the stock at the end of each year, and the referrals within it."""
    membership, is_customer = calendar.compute_membership(graph), graph.customers
    joined, left = (to_calendar_years(days) for days in (membership.joined, membership.left))
    referred_from, active_from = map(to_calendar_years, _find_first_days(graph))
    events = calendar.list_referral_events(graph)
    year = to_calendar_years(events["at"].to_numpy())
    number = _number_years(year, years, np.ones(len(year), bool))
    referrals = Members("referrals", number, len(years), events["arc"].to_numpy()).count()

    def stay(first: Longs, end: Longs) -> SpanMembers:
        never = np.int64(years[-1] + 1)
        start = np.where(is_customer, first, never) - years[0]
        return SpanMembers(start, np.where(is_customer, end, never) - years[0], len(years))

    at_end = stay(joined, left)
    referred = np.maximum(joined, referred_from)
    leaving = Members("customers", _number_years(left, years, is_customer), len(years))
    depth = graph.forest.scatter(graph.forest.depth).astype(np.float64)
    ever = stay(joined, np.full_like(left, years[-1] + 1))
    others = stay(joined, np.minimum(left, referred)).count()
    recommenders = stay(np.maximum(joined, active_from), left).count()
    return {
        "leaving": leaving.count(),
        "customers_end": at_end.count(),
        "referrals": referrals,
        "bring_new": compute_ratio(referrals, stay(joined + 1, left + 1).count()),
        "participation": compute_ratio(recommenders, at_end.count()),
        "tree_size": compute_ratio(at_end.count(), others),
        "generations": make_whole(ever.find_greatest(Quantity(scaled=depth), is_customer)),
    }


def _find_first_days(graph: Graph) -> tuple[Longs, Longs]:
    """int64[n] twice: the day from which each party was referred, and from which it had referred.

    `MAX_DAY` for never. An undated referral counts from the day on which the referred party joined;
    if that is unknown too, it has always been there.
    """
    kinds = ("customer", *graph.scope.count)
    arcs = graph.arcs.filter(pl.col("valid") & pl.col("kind").is_in(kinds))
    joined = graph.parties["since"].gather(arcs["referred"])
    date = arcs.select(pl.coalesce("at", joined)).to_series()
    day = calendar.to_day_numbers(date, MIN_DAY)
    # A party referred by an unknown referrer counts as referred from the beginning.
    without_arc = np.where(is_referred(graph, kinds), MIN_DAY, MAX_DAY).astype(np.int64)
    never = np.full(len(graph), MAX_DAY, np.int64)
    first_referred = _find_minimum(day, arcs["referred"].to_numpy(), without_arc)
    first_referring = _find_minimum(day, arcs["referrer"].to_numpy(), never)
    return first_referred, first_referring


def _find_minimum(day: Longs, party: Ints, without_arc: Longs) -> Longs:
    """int64[n]: the first day of each party; ``without_arc`` for those without any."""
    first = without_arc.copy()
    first[party] = MAX_DAY
    np.minimum.at(first, party, day)
    return first


def _build_headline(graph: Graph, frame: pl.DataFrame) -> Message:
    if not frame.height or not frame["new_customers"].sum():
        return message("headline.growth-none", standing=as_of_phrase(graph))
    complete = [year for year in frame["year"] if _has_ended(graph, int(year))]
    headline_year = complete[0] if complete else frame["year"][0]
    row = frame.row(by_predicate=pl.col("year") == headline_year, named=True)
    return message(
        "headline.growth",
        year=row["year"],
        new=row["new_customers"],
        referred=row["by_referral"],
        share=_describe_share(row),
        money=_describe_value(graph, row),
        all=frame["new_customers"].sum(),
        all_referred=frame["by_referral"].sum(),
        first=frame["year"][-1],
        last=frame["year"][0],
        standing=as_of_phrase(graph),
    )


def _describe_share(row: dict[str, Any]) -> Message | str:
    if not row["new_customers"]:
        return ""
    low, high = wilson(row["by_referral"], row["new_customers"])
    return message("phrase.growth-share", share=row["new_share"], low=low, high=high)


def _describe_value(graph: Graph, row: dict[str, Any]) -> Message:
    if row["value"] is None:
        return message("phrase.growth-no-value")
    return message(
        "phrase.growth-value",
        value=graph.value.amount(row["value"]),
        share=row["value_share"],
        basis=value_basis_phrase(graph),
    )


def _has_ended(graph: Graph, year: int) -> bool:
    """Whether the as-of date is the last day of the year or later."""
    assert graph.as_of
    last_day = graph.as_of.replace(year=year, month=12, day=31)
    return calendar.to_day_number(graph.as_of) >= calendar.to_day_number(last_day)


def _build_notes(graph: Graph, years: Longs) -> list[Message]:
    notes = []
    if len(years):
        notes.append(message("note.growth-former"))
        assert graph.as_of
        is_current = years[-1] == graph.as_of.year
        if is_current and not _has_ended(graph, graph.as_of.year):
            year = str(graph.as_of.year)
            notes.append(message("note.year-partial", year=year, day=graph.as_of))
        undated = int((graph.customers & graph.parties["since"].is_null().to_numpy()).sum())
        if undated:
            notes.append(message("note.growth-undated", customers=undated))
    if not calendar.has_dated_value(graph):
        notes.append(message("note.growth-no-orders"))
    elif len(years) > 1:
        notes.append(_note_earned_growth(graph, years))
        if any(has_earned_growth(graph, year) for year in years[1:].tolist()):
            notes.append(message("note.growth-complete"))
    return notes


def _note_earned_growth(graph: Graph, years: Longs) -> Message:
    """The years for which earned growth is given."""
    known = [year for year in years[1:].tolist() if has_earned_growth(graph, year)]
    if known:
        return message("note.growth-earned", years=join_years(known))
    return message("note.growth-earned-none")
