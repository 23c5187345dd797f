"""How many customers and how much money came by referral, year by year?"""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.estimates.earned_growth import EarnedGrowth, earned_growth
from refgraph.estimates.proportion import wilson, wilson_array
from refgraph.graphs import calendar
from refgraph.graphs.arrivals import arrived, unsourced
from refgraph.graphs.calendar import ALWAYS, NEVER, Sales, present_at, year_numbers
from refgraph.graphs.periods import basis, standing
from refgraph.model.graph import Bools, Graph, Longs
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESC, analysis

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
    Column("earned_growth_low", Unit.SHARE, "M9", detail=True),
    Column("earned_growth_high", Unit.SHARE, "M9", detail=True),
)


@analysis(grain="year", columns=COLUMNS, order=(("year", DESC),), formulas=("M1", "M3", "M7", "M8", "M9"))
def growth(graph: Graph) -> Answer:
    """One row a calendar year from the first date to the as-of day, newest first, years without anything included.

    new_customers = by_referral + other_ways + no_source: first contract in the year, former customers included (trap 14). Stock
    columns (customers_end, participation, tree_size, generations) stand at the end of the year, or on the as-of day. bring_new =
    referrals dated in the year / customers at its start. Earned growth only where orders cover this year and the one before.
    """
    years = calendar.years(graph)
    frame = pl.DataFrame({"year": years.astype(str)} | _arrivals(graph, years) | _stock(graph, years) | _money(graph, years),
                         schema={c.name: _dtype(c) for c in COLUMNS}) if len(years) else _nothing()  # fmt: skip
    frame = frame.with_columns(pl.col(pl.Float64).fill_nan(None)).reverse()
    return Answer(frame, _headline(graph, frame), tuple(_notes(graph, years)))


def _dtype(column: Column) -> type[pl.DataType]:
    return {Unit.ID: pl.String, Unit.COUNT: pl.Int64, Unit.DEPTH: pl.Int64}.get(column.unit, pl.Float64)


def _nothing() -> pl.DataFrame:
    return pl.DataFrame(schema={c.name: _dtype(c) for c in COLUMNS})


def _per_year(year: Longs, years: Longs, of: Bools) -> Longs:
    """How many of those in the mask fall into each year."""
    kept = year[of & (year >= years[0]) & (year <= years[-1])] - years[0]
    return np.bincount(kept, minlength=len(years))


def _arrivals(graph: Graph, years: Longs) -> dict[str, object]:
    joined = year_numbers(calendar.membership(graph).joined)
    referred = arrived(graph, ("customer", *graph.scope.count))
    new = _per_year(joined, years, graph.customers)
    brought = _per_year(joined, years, graph.customers & referred)
    sourced = graph.has("customers.source")
    blank = _per_year(joined, years, graph.customers & ~referred & unsourced(graph)) if sourced else np.zeros_like(new)
    low, high = wilson_array(brought, new)
    with np.errstate(invalid="ignore"):
        share = brought / new
    return {"new_customers": new, "by_referral": brought, "other_ways": new - brought - blank,
            "no_source": blank if sourced else [None] * len(years), "new_share": share, "new_share_low": low,
            "new_share_high": high}  # fmt: skip


def _stock(graph: Graph, years: Longs) -> dict[str, object]:
    """What stands at each year's end, and the referrals within it."""
    days, people = calendar.membership(graph), graph.customers
    joined, left = year_numbers(days.joined)[people], year_numbers(days.left)[people]
    end, start = present_at(joined, left, years), present_at(joined, left, years - 1)
    brought, active = (year_numbers(x)[people] for x in _first_days(graph))
    referred = present_at(np.maximum(joined, brought), left, years)
    takes_part = present_at(np.maximum(joined, active), left, years)
    made = year_numbers(calendar.made(graph)["at"].to_numpy())
    events = _per_year(made, years, np.ones(len(made), bool))
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios = {"bring_new": np.where(start > 0, events / start, np.nan), "participation": takes_part / end,
                  "tree_size": np.where(end > referred, end / (end - referred), np.nan)}  # fmt: skip
    leaving = _per_year(left, years, np.ones(len(left), bool))
    return {"leaving": leaving, "customers_end": end, "referrals": events, **ratios, "generations": _generations(graph, years)}


def _first_days(graph: Graph) -> tuple[Longs, Longs]:
    """By position: the day from which a party was referred, and from which it had referred; NEVER for not at all.

    An undated referral is taken at the day on which the referred party joined; without either it has always been there.
    """
    out = []
    kinds = ("customer", *graph.scope.count)
    told = arrived(graph, kinds)
    arcs = graph.arcs.filter(pl.col("valid") & pl.col("kind").is_in(kinds))
    day = pl.select(pl.coalesce(arcs["at"], graph.parties["since"].gather(arcs["referred"]))).to_series()
    for side, end in (("referred", np.where(told, ALWAYS, NEVER)), ("referrer", np.full(len(graph), NEVER))):
        first = np.array(end, np.int64)
        named = arcs[side].to_numpy()
        first[named] = NEVER
        np.minimum.at(first, named, calendar.numbers(day, ALWAYS))
        out.append(first)
    return out[0], out[1]


def _generations(graph: Graph, years: Longs) -> Longs:
    """Greatest depth among the customers who joined by each year's end, in referrals."""
    depth = graph.forest.scatter(graph.forest.depth)[graph.customers].astype(np.int64)
    joined = year_numbers(calendar.membership(graph).joined)[graph.customers]
    deepest = np.zeros(len(years) + 1, np.int64)
    np.maximum.at(deepest, np.clip(joined - years[0] + 1, 0, len(years)), depth)
    return np.maximum.accumulate(deepest)[1:]


def _money(graph: Graph, years: Longs) -> dict[str, object]:
    sold, names = calendar.sales(graph), ("value", "referred_value", "value_share", *_EARNED)
    if sold is None:
        return {name: [None] * len(years) for name in names}
    referred = arrived(graph, ("customer", *graph.scope.count))
    total, theirs = np.zeros(len(years)), np.zeros(len(years))
    for k, year in enumerate(years.tolist()):
        who, amount = sold.of(year)
        total[k], theirs[k] = (amount.sum(), amount[referred[who]].sum()) if len(who) else (np.nan, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(total > 0, theirs / total, np.nan)
    earned = np.array([_earned(graph, sold, year, referred) for year in years.tolist()])
    return {"value": total / sold.scale, "referred_value": theirs / sold.scale, "value_share": share,
            **dict(zip(_EARNED, earned.T, strict=True))}  # fmt: skip


_EARNED = ("retention", "earned_new", "earned_growth", "earned_growth_low", "earned_growth_high")


def _earned(graph: Graph, sold: Sales, year: int, referred: Bools) -> EarnedGrowth:
    """M9 of a year; all nan unless orders cover it and the year before. New = first contract in the year."""
    if not (calendar.covered(graph, year - 1) and calendar.covered(graph, year)):
        return EarnedGrowth(*[float("nan")] * 5)
    last, now, bought = (np.zeros(len(graph)), np.zeros(len(graph)), np.zeros(len(graph), bool))
    for into, when in ((last, year - 1), (now, year)):
        who, amount = sold.of(when)
        into[who] = amount
    bought[sold.of(year - 1)[0]] = True
    new = (year_numbers(calendar.membership(graph).joined) == year) & ~bought
    return earned_growth(last, now, bought, new & referred)


def _headline(graph: Graph, frame: pl.DataFrame) -> Message:
    if not frame.height or not frame["new_customers"].sum():
        return message("headline.growth-none", standing=standing(graph))
    whole = [y for y in frame["year"] if _ended(graph, int(y))] or [frame["year"][0]]
    row = frame.row(by_predicate=pl.col("year") == whole[0], named=True)
    low, high = wilson(row["by_referral"], row["new_customers"])
    money = message("phrase.growth-no-value")
    if row["value"] is not None:
        money = message("phrase.growth-value", value=graph.value.amount(row["value"]), share=row["value_share"],
                        basis=basis(graph))
    share: object = message("phrase.growth-share", share=row["new_share"], low=low, high=high) if row["new_customers"] else ""
    return message("headline.growth", year=row["year"], new=row["new_customers"], referred=row["by_referral"], share=share,
                   money=money, all=frame["new_customers"].sum(), all_referred=frame["by_referral"].sum(),
                   first=frame["year"][-1], last=frame["year"][0], standing=standing(graph))


def _ended(graph: Graph, year: int) -> bool:
    """Whether the as-of day lies at the very end of the year or beyond it."""
    assert graph.as_of
    return calendar.number(graph.as_of) >= calendar.number(graph.as_of.replace(year=year, month=12, day=31))


def _notes(graph: Graph, years: Longs) -> list[Message]:
    notes = [message("note.growth-former")] if len(years) else []
    if len(years) and years[-1] == graph.as_of.year and not _ended(graph, graph.as_of.year):  # type: ignore[union-attr]
        notes.append(message("note.year-partial", year=str(graph.as_of.year), day=graph.as_of))  # type: ignore[union-attr]
    undated = int((graph.customers & graph.parties["since"].is_null().to_numpy()).sum())
    if undated and len(years):
        notes.append(message("note.growth-undated", customers=undated))
    if not calendar.dated_value(graph):
        notes.append(message("note.growth-no-orders"))
    elif len(years) > 1:
        told = [str(y) for y in years[1:].tolist() if calendar.covered(graph, y - 1) and calendar.covered(graph, y)]
        notes.append(message("note.growth-earned", years=told) if told else message("note.growth-earned-none"))
    return notes
