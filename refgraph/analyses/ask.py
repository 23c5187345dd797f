"""Who should we ask for a referral, when, and why?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.analyses.ask_notes import build_ask_notes, describe_missing
from refgraph.analyses.ask_result import RESULT_COLUMNS, read_ask_result
from refgraph.analyses.columns import make_empty_frame, select_columns
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures.ask_backtest import BackTest, choose_top, run_backtest
from refgraph.measures.ask_timing import Timing, find_barred, find_contacts, find_timing
from refgraph.measures.ask_value import estimate_referral_value
from refgraph.measures.calendar import to_day_number
from refgraph.measures.conversion import tally_referrals
from refgraph.measures.member_lists import rank_parties
from refgraph.measures.referral_forecast import Forecast, forecast_referrals, read_history
from refgraph.model.graph import Bools, Graph, Longs
from refgraph.model.message import Message, Names, message
from refgraph.model.parameter_values import Proportion
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tallies
from refgraph.model.units import Unit
from refgraph.registry import Variant, analysis

COLUMNS = (
    Column("rank", Unit.COUNT),
    Column("customer", Unit.ID, key="ask_customer", detail=True),
    Column("name", Unit.TEXT),
    Column("contact", Unit.TEXT, key="ask_contact", detail=True),
    Column("chance", Unit.SHARE, "M57", key="ask_chance", closed="model"),
    Column("referrals", Unit.SCORE, "M57", key="ask_referrals", closed="model"),
    Column("value", Unit.VALUE, "M57", key="ask_value", closed="model"),
    Column("past", Unit.COUNT, key="ask_past"),
    Column("timing", Unit.LABEL, key="ask_timing"),
    Column("ask_from", Unit.DATE, key="ask_from", detail=True, closed="event"),
    Column("why", Unit.REASON, key="ask_why"),
    Column("group", Unit.LABEL, key="ask_group", asked="holdout"),
    Column("planned", Unit.DATE, key="ask_planned", asked="holdout", closed="option"),
)
MAX_NAMES = 3
EMPTY = {"why": pl.List(pl.String)}


@dataclass(frozen=True, eq=False)
class AskList:
    """What the list is made of. index int64[e]: parties of the forecast. is_open bool[e]: may be
    asked. barred: reason -> bool[n] by party. worth: value of one referral, None if unknown.
    """

    index: Longs
    forecast: Forecast
    is_open: Bools
    barred: dict[str, Bools]
    timing: Timing
    worth: float | None
    backtest: BackTest | None


@analysis(
    grain="party",
    columns=COLUMNS,
    order=(("rank", False),),
    formulas=("M57",),
    variants=(
        Variant(
            option="result",
            metavar="PLAN.csv",
            grain="arm",
            columns=RESULT_COLUMNS,
            function=read_ask_result,
        ),
    ),
)
def ask(graph: Graph, *, holdout: Proportion = 0.0, seed: int = 1) -> Answer:
    """Existing customers by the referrals expected of them in the next 12 months; ties by id.

    Left out: customers with an open complaint, a negative tie, or without a recorded consent where
    consent is recorded. chance: of at least one occasion; referrals: expected; both say how likely
    a customer is to refer, not what asking adds. holdout: share of the list that is drawn at random
    not to be asked, so that ``result`` can tell later what asking adds; seed: of the draw.
    """
    made = _prepare(graph)
    if isinstance(made, Message):
        columns = [c for c in COLUMNS if holdout or not c.asked]
        return Answer(make_empty_frame(columns, **EMPTY), made)
    frame = _list_customers(graph, made)
    if holdout:
        frame = _draw_groups(graph, frame, holdout, seed)
    columns = [c for c in COLUMNS if holdout or not c.asked]
    notes = build_ask_notes(graph, made.forecast, made.backtest, made.barred, made.worth)
    order, past = frame["party"].to_numpy(), tally_referrals(graph)
    opened = Tallies({"rank": rank_parties(order, len(graph)), "past": past}, order)
    headline = _build_headline(graph, made, frame)
    return Answer(select_columns(frame, columns), headline, notes, opened)


def _prepare(graph: Graph) -> AskList | Message:
    """The forecast and everything beside it, or why there is none."""
    read = read_history(graph)
    if read is None or graph.as_of is None:
        return message(
            "headline.ask-no-dates", missing=describe_missing(graph), standing=as_of_phrase(graph)
        )
    index, history = read
    now = to_day_number(graph.as_of)
    forecast = forecast_referrals(history, now)
    if forecast is None:
        events = len(history.day)
        return message("headline.ask-too-few", referrals=events, standing=as_of_phrase(graph))
    party = index[forecast.customer]
    barred = find_barred(graph)
    is_open = ~np.any([mask[party] for mask in barred.values()], axis=0) & graph.existing[party]
    return AskList(
        index=party,
        forecast=forecast,
        is_open=is_open,
        barred=barred,
        timing=find_timing(graph, graph.as_of),
        worth=estimate_referral_value(graph),
        backtest=run_backtest(graph, index, history, now),
    )


def _list_customers(graph: Graph, made: AskList) -> pl.DataFrame:
    """One row per customer that may be asked, best first."""
    rows = np.flatnonzero(made.is_open)
    party, forecast, timing = made.index[rows], made.forecast, made.timing
    expected = pl.Series(forecast.referrals[rows])
    worth = pl.lit(made.worth, pl.Float64)
    frame = pl.DataFrame(
        {
            "party": party,
            "customer": graph.parties["id"].gather(party),
            "name": graph.names.gather(party),
            "contact": find_contacts(graph).gather(party),
            "chance": forecast.chance[rows],
            "referrals": expected,
            "past": tally_referrals(graph).numbers[party],
            "timing": timing.word.gather(party),
            "ask_from": timing.day.gather(party),
            "last_order": timing.last_order.gather(party),
            "last_good": timing.last_good.gather(party),
            "referred": graph.in_degree[party] > 0,
            "since": graph.parties["since"].gather(party),
        }
    )
    frame = frame.with_columns(value=pl.col("referrals") * worth, why=_list_reasons(graph))
    frame = frame.sort("referrals", "customer", descending=[True, False])
    return frame.with_columns(rank=pl.int_range(1, pl.len() + 1))


def _list_reasons(graph: Graph) -> pl.Expr:
    """Why a customer is where it is: words with figures, the strongest first."""
    tenure = (pl.lit(graph.as_of) - pl.col("since")).dt.total_days() / 365.25
    good_days = pl.lit(graph.as_of).dt.offset_by("-180d")

    def give(word: str, condition: pl.Expr, figure: pl.Expr | None = None) -> pl.Expr:
        text = pl.lit(word)
        if figure is not None:
            text = pl.concat_str(text, pl.lit(" "), figure.cast(pl.String))
        return pl.when(condition).then(text)

    reasons = pl.concat_list(
        give("ask-has-referred", pl.col("past") > 0, pl.col("past")),
        give("ask-came-by-referral", pl.col("referred")),
        give("ask-years", pl.col("since").is_not_null(), tenure.round(1)),
        give("ask-good-event", pl.col("last_good") >= good_days, pl.col("last_good")),
        give("ask-last-order", pl.col("last_order").is_not_null(), pl.col("last_order")),
    )
    return reasons.list.drop_nulls()


def _draw_groups(graph: Graph, frame: pl.DataFrame, holdout: float, seed: int) -> pl.DataFrame:
    """Column ``group``: who is asked and who is not, drawn in order of id."""
    ordered = np.argsort(frame["customer"].to_numpy().astype(str), kind="stable")
    held = round(holdout * frame.height)
    chosen = np.random.default_rng(abs(seed)).permutation(frame.height)[:held]
    is_held = np.zeros(frame.height, np.bool_)
    is_held[ordered[chosen]] = True
    group = pl.when(pl.Series(is_held)).then(pl.lit("hold")).otherwise(pl.lit("ask"))
    return frame.with_columns(group=group, planned=pl.lit(graph.as_of, pl.Date))


def _build_headline(graph: Graph, made: AskList, frame: pl.DataFrame) -> Message:
    forecast, standing = made.forecast, as_of_phrase(graph)
    if not frame.height:
        return message("headline.ask-nobody", standing=standing)
    everybody = np.arange(len(forecast.customer))
    low, high = forecast.bound_sum(everybody)
    size = choose_top(len(everybody))
    best = np.flatnonzero(made.is_open)[
        np.argsort(-forecast.referrals[made.is_open], kind="stable")
    ]
    top_low, top_high = forecast.bound_sum(best[:size])
    return message(
        "headline.ask",
        names=Names(tuple(frame["name"].head(MAX_NAMES))),
        top=min(size, frame.height),
        top_expected=float(forecast.referrals[best[:size]].sum()),
        top_low=top_low,
        top_high=top_high,
        expected=float(forecast.referrals.sum()),
        low=low,
        high=high,
        customers=len(everybody),
        basis=value_basis_phrase(graph),
        standing=standing,
    )
